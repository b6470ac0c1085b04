#include "objects/object_key.h"

#include <algorithm>

namespace weir::objects {
namespace {

constexpr std::size_t kMaxKeySize = 1024;
constexpr std::size_t kMaxNameSize = 160;  // leaves room for a temporary's longer name

bool IsControl(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

}  // namespace

Status CheckKey(std::string_view key) {
  if (key.size() > kMaxKeySize) {
    return Invalid("an object key of {} bytes is longer than {}", key.size(), kMaxKeySize);
  }
  if (std::any_of(key.begin(), key.end(), IsControl)) {
    return Invalid("an object key holds a control character");
  }
  for (std::string_view rest = key;;) {
    const std::size_t slash = rest.find('/');
    const std::string_view name = rest.substr(0, slash);
    if (name.empty()) return Invalid("the object key \"{}\" has an empty name in it", key);
    if (name.front() == '.')
      return Invalid("the object key \"{}\" has a name with a dot first", key);
    if (name.size() > kMaxNameSize) {
      return Invalid("the object key \"{}\" has a name longer than {} bytes", key, kMaxNameSize);
    }
    if (slash == std::string_view::npos) return Ok();
    rest.remove_prefix(slash + 1);
  }
}

std::string_view DirectoryOf(std::string_view prefix) {
  const std::size_t slash = prefix.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : prefix.substr(0, slash + 1);
}

}  // namespace weir::objects
