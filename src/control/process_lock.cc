#include "control/process_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>

#include "base/errno_error.h"

namespace weir::control {
namespace {

// "process 1234", as the holder wrote it; the holder may not have come to writing yet.
std::string HolderOf(int descriptor) {
  std::array<char, 32> text{};
  const ssize_t size = ::pread(descriptor, text.data(), text.size() - 1, 0);
  std::string pid;
  for (ssize_t i = 0; i < size && text[i] >= '0' && text[i] <= '9'; ++i) pid += text[i];
  return pid.empty() ? "another process" : "process " + pid;
}

Status WritePid(int descriptor, const std::filesystem::path& path) {
  const std::string text = std::to_string(::getpid()) + "\n";
  if (::ftruncate(descriptor, 0) != 0 ||
      ::pwrite(descriptor, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) {
    return ErrnoError(errno, fmt::format("write {}", path.native()));
  }
  return Ok();
}

}  // namespace

Result<std::unique_ptr<ProcessLock>> ProcessLock::Acquire(const std::filesystem::path& path,
                                                          const std::string& what) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return ErrnoError(errno, fmt::format("open {}", path.native()));
  auto lock = std::unique_ptr<ProcessLock>(new ProcessLock(descriptor));
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return ErrnoError(errno, fmt::format("lock {}", path.native()));
    return Conflict("{} is in use by {}", what, HolderOf(descriptor))
        .WithHint("Stop that process, or talk to it instead of opening its files");
  }
  RETURN_IF_ERROR(WritePid(descriptor, path));
  return lock;
}

ProcessLock::~ProcessLock() { ::close(descriptor_); }

}  // namespace weir::control
