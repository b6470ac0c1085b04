#include "server/socket_path.h"

#include <fcntl.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>

#include "base/errno_error.h"

namespace weir::server {

Result<std::unique_ptr<SocketPath>> SocketPath::Open(const std::filesystem::path& path) {
  if (path.native().size() < sizeof(sockaddr_un::sun_path)) {
    return std::unique_ptr<SocketPath>(new SocketPath(-1, path.native()));
  }
  const std::filesystem::path directory = path.parent_path();
  const int descriptor = ::open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return ErrnoError(errno, fmt::format("open {}", directory.native()));
  std::string name = fmt::format("/proc/self/fd/{}/{}", descriptor, path.filename().native());
  return std::unique_ptr<SocketPath>(new SocketPath(descriptor, std::move(name)));
}

SocketPath::~SocketPath() {
  if (directory_ >= 0) ::close(directory_);
}

}  // namespace weir::server
