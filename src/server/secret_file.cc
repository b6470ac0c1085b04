#include "server/secret_file.h"

#include <array>

#include "base/hex.h"

namespace weir::server {
namespace {

constexpr std::size_t kBytes = 32;
constexpr std::string_view kDigits = "0123456789abcdef";

}  // namespace

std::string MakeSecret(Rng& rng) {
  std::array<std::byte, kBytes> random;
  rng.Fill(random);
  return ToHex(random);
}

Result<std::string> LoadOrMakeSecret(Files& files, const std::filesystem::path& path, Rng& rng) {
  const auto info = files.Stat(path);
  if (!info && info.error().code == ErrorCode::kNotFound) {
    std::string made = MakeSecret(rng);
    RETURN_IF_ERROR(files.WriteDurably(path, AsBytes(made + "\n"), 0600));
    return made;
  }
  if (!info) return info.error();
  if ((info->mode & 077) != 0) {
    return Denied("{} can be read by others than its owner", path.string())
        .WithHint(fmt::format("chmod 600 {}; if somebody may have seen it, remove it instead",
                              path.string()));
  }
  ASSIGN_OR_RETURN(std::string text, files.ReadAll(path, 2 * kBytes + 2));
  if (text.ends_with('\n')) text.pop_back();
  if (text.size() != 2 * kBytes || text.find_first_not_of(kDigits) != std::string::npos) {
    return Corrupt("{} does not hold what weir wrote there", path.string())
        .WithHint("remove it; a new one is made");
  }
  return text;
}

}  // namespace weir::server
