#include "server/port_holder.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <fstream>
#include <set>
#include <sstream>
#include <string_view>
#include <system_error>

namespace weir::server {
namespace {

namespace fs = std::filesystem;

// A line of /proc/net/tcp: "0: 0100007F:1F90 00000000:0000 0A ... 12345 ...": after the number come
// our address and port in hex, the other side's, and the state (0A: listening); the tenth is the
// inode of the socket.
void CollectListeners(const fs::path& table, std::uint16_t port, std::set<std::string>& inodes) {
  std::ifstream lines(table);
  std::string line;
  std::getline(lines, line);  // the titles
  while (std::getline(lines, line)) {
    std::istringstream words(line);
    std::array<std::string, 10> fields;
    for (std::string& field : fields) words >> field;
    const std::string_view local = fields[1];
    const std::size_t colon = local.rfind(':');
    if (colon == std::string_view::npos || fields[3] != "0A") continue;
    unsigned found = 0;
    const std::string_view digits = local.substr(colon + 1);
    std::from_chars(digits.data(), digits.data() + digits.size(), found, 16);
    if (found == port) inodes.insert(fields[9]);
  }
}

bool HoldsOne(const fs::path& process, const std::set<std::string>& inodes) {
  std::error_code failed;
  for (fs::directory_iterator entry(process / "fd", failed), end; !failed && entry != end;
       entry.increment(failed)) {
    std::error_code unreadable;
    const std::string target = fs::read_symlink(entry->path(), unreadable).string();
    if (unreadable || !target.starts_with("socket:[")) continue;
    if (inodes.contains(target.substr(8, target.size() - 9))) return true;
  }
  return false;
}

}  // namespace

std::optional<std::string> HolderOfPort(std::uint16_t port, const fs::path& proc) {
  std::set<std::string> inodes;
  CollectListeners(proc / "net" / "tcp", port, inodes);
  CollectListeners(proc / "net" / "tcp6", port, inodes);
  if (inodes.empty()) return std::nullopt;
  std::error_code failed;
  for (fs::directory_iterator entry(proc, failed), end; !failed && entry != end;
       entry.increment(failed)) {
    const std::string pid = entry->path().filename().string();
    if (pid.find_first_not_of("0123456789") != std::string::npos) continue;
    if (!HoldsOne(entry->path(), inodes)) continue;
    std::ifstream file(entry->path() / "comm");
    std::string name;
    std::getline(file, name);
    return fmt::format("{} (pid {})", name.empty() ? "a process" : name, pid);
  }
  return std::nullopt;
}

}  // namespace weir::server
