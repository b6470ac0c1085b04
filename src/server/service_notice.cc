#include "server/service_notice.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>

#include "base/errno_error.h"

namespace weir::server {

Status NotifyService(std::string_view socket_name, std::string_view state) {
  if (socket_name.empty()) return Ok();
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const bool known = socket_name[0] == '/' || socket_name[0] == '@';
  if (!known || socket_name.size() >= sizeof(address.sun_path)) {
    return Invalid("NOTIFY_SOCKET is neither a path nor an abstract name");
  }
  std::ranges::copy(socket_name, static_cast<char*>(address.sun_path));
  if (socket_name[0] == '@') address.sun_path[0] = '\0';
  const int descriptor = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return ErrnoError(errno, "open a socket to the service manager");
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_name.size());
  const ssize_t sent = ::sendto(descriptor, state.data(), state.size(), MSG_NOSIGNAL,
                                reinterpret_cast<const sockaddr*>(&address), size);
  const int error_number = errno;
  ::close(descriptor);
  if (sent != static_cast<ssize_t>(state.size())) {
    return ErrnoError(error_number, "notify the service manager");
  }
  return Ok();
}

}  // namespace weir::server
