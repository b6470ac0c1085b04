#include "control/backup/restored_home.h"

#include <utility>

namespace weir::backup {
namespace {

constexpr const char* kLock = "restore.lock";
constexpr const char* kDatasets = "datasets";

Status CheckIsFree(Files& files, const Files::Path& home) {
  const auto info = files.Stat(home);
  if (!info && info.error().code == ErrorCode::kNotFound) return Ok();
  if (!info) return info.error();
  if (info->is_directory) {
    ASSIGN_OR_RETURN(const auto names, files.List(home));
    if (names.empty()) return Ok();
  }
  return AlreadyExists("{} is there and not empty", home.string())
      .WithHint("restore to a directory that is not there yet, then move it");
}

}  // namespace

Result<RestoredHome> RestoredHome::Begin(Files::Path home) {
  Files& files = PosixFiles();
  std::error_code failed;
  home = std::filesystem::absolute(home, failed).lexically_normal();
  if (!home.has_filename()) home = home.parent_path();  // it was given with a slash at its end
  if (failed || !home.has_filename()) return Invalid("{} cannot be a home", home.string());
  RETURN_IF_ERROR(CheckIsFree(files, home));
  const Files::Path making = home.parent_path() / (".tmp-restore-" + home.filename().string());
  RETURN_IF_ERROR(files.CreateDirectories(making));
  RETURN_IF_ERROR(files.SetMode(making, 0700));
  ASSIGN_OR_RETURN(auto lock,
                   control::ProcessLock::Acquire(making / kLock, "restoring " + home.string()));
  ASSIGN_OR_RETURN(const auto leftovers, files.List(making));
  for (const std::string& name : leftovers) {
    if (name != kLock && name != kDatasets) RETURN_IF_ERROR(files.RemoveTree(making / name));
  }
  return RestoredHome(std::move(home), making, std::move(lock));
}

RestoredHome::RestoredHome(Files::Path home, Files::Path making,
                           std::unique_ptr<control::ProcessLock> lock)
    : home_(std::move(home)), making_(std::move(making)), lock_(std::move(lock)) {}

RestoredHome::~RestoredHome() {
  if (lock_ != nullptr) (void)files_.RemoveTree(making_);
}

Status RestoredHome::Write(const std::string& name, std::string_view content, unsigned mode) {
  RETURN_IF_ERROR(files_.WriteDurably(making_ / name, AsBytes(content), mode));
  return files_.SetMode(making_ / name, mode);
}

Status RestoredHome::Appear() {
  RETURN_IF_ERROR(files_.MakeDurable(ControlDatabase()));
  RETURN_IF_ERROR(files_.Remove(making_ / kLock));
  RETURN_IF_ERROR(files_.SyncDirectory(making_));
  // Replaces an empty directory, and nothing else: it fails if something came into it meanwhile.
  RETURN_IF_ERROR(files_.Rename(making_, home_));
  lock_.reset();
  return files_.SyncDirectory(home_.parent_path());
}

}  // namespace weir::backup
