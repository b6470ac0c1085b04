#include "datasets/lost_files.h"

namespace weir::datasets {

bool IsThere(const Files& files, const std::filesystem::path& path, std::uint64_t size) {
  const auto info = files.Stat(path);
  return info && !info->is_directory && info->size == size;
}

bool IsDamage(const Error& error) {
  return error.code == ErrorCode::kCorrupt || error.code == ErrorCode::kInvalid;
}

}  // namespace weir::datasets
