#include "net/listen_socket.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

namespace weir::net {
namespace {

constexpr int kBacklog = 1024;

union AnySockaddr {
  sockaddr any;
  sockaddr_in v4;
  sockaddr_in6 v6;
  sockaddr_un local;
  sockaddr_storage storage;
};

Error CannotListen(const Address& address, int error) {
  std::string message = fmt::format("cannot listen on {}: ", address.ToString());
  switch (error) {
    case EADDRINUSE:
      message += "the address is in use";
      return {ErrorCode::kUnavailable, std::move(message), "stop its holder, or choose another"};
    case EACCES:
    case EPERM:
      message += "this user may not";
      return {ErrorCode::kDenied, std::move(message), {}};
    case EMFILE:
    case ENFILE:
      message += "too many open files";
      return {ErrorCode::kExhausted, std::move(message), {}};
    default:
      message += std::strerror(error);
      return {ErrorCode::kUnavailable, std::move(message), {}};
  }
}

Address AddressOf(const AnySockaddr& name) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (name.any.sa_family == AF_INET6) {
    inet_ntop(AF_INET6, &name.v6.sin6_addr, text.data(), text.size());
    return {.host = text.data(), .port = ntohs(name.v6.sin6_port)};
  }
  inet_ntop(AF_INET, &name.v4.sin_addr, text.data(), text.size());
  return {.host = text.data(), .port = ntohs(name.v4.sin_port)};
}

Result<ListenSocket> ListenTcp(const Address& address) {
  addrinfo hints{};
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error =
      getaddrinfo(address.host.c_str(), std::to_string(address.port).c_str(), &hints, &found);
  if (error != 0) {
    return Unavailable("cannot listen on {}: {}", address.ToString(), gai_strerror(error));
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owned(found, &freeaddrinfo);
  UniqueFd fd(socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd.is_open()) return CannotListen(address, errno);
  const int on = 1;
  setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (found->ai_family == AF_INET6) {
    setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  }
  if (bind(fd.get(), found->ai_addr, found->ai_addrlen) != 0 || listen(fd.get(), kBacklog) != 0) {
    return CannotListen(address, errno);
  }
  AnySockaddr name{};
  socklen_t size = sizeof name;
  getsockname(fd.get(), &name.any, &size);
  return ListenSocket{std::move(fd), AddressOf(name)};
}

sockaddr_un NameOf(const std::string& path) {
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  path.copy(name.sun_path, sizeof name.sun_path - 1);
  return name;
}

// A socket file outlives the process that made it; whoever is alive answers a connect.
bool IsDeadSocket(const std::string& path, const sockaddr_un& name) {
  struct stat info {};
  if (lstat(path.c_str(), &info) != 0 || !S_ISSOCK(info.st_mode)) return false;
  const UniqueFd probe(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  return connect(probe.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0 &&
         errno == ECONNREFUSED;
}

Result<ListenSocket> ListenUnix(const Address& address) {
  const sockaddr_un name = NameOf(address.socket_path);
  if (address.socket_path.size() >= sizeof name.sun_path) {
    return Invalid("cannot listen on {}: a socket path has at most {} bytes", address.ToString(),
                   sizeof name.sun_path - 1);
  }
  UniqueFd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd.is_open()) return CannotListen(address, errno);
  if (IsDeadSocket(address.socket_path, name)) unlink(address.socket_path.c_str());
  // Linux gives the file the mode of the unbound socket, so it is never open to others.
  fchmod(fd.get(), 0600);
  if (bind(fd.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0 ||
      listen(fd.get(), kBacklog) != 0) {
    return CannotListen(address, errno);
  }
  return ListenSocket{std::move(fd), address};
}

}  // namespace

Result<ListenSocket> Listen(const Address& address) {
  return address.is_unix() ? ListenUnix(address) : ListenTcp(address);
}

Result<std::optional<Accepted>> Accept(const ListenSocket& socket) {
  for (;;) {
    AnySockaddr name{};
    socklen_t size = sizeof name;
    UniqueFd fd(accept4(socket.fd.get(), &name.any, &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!fd.is_open()) {
      if (errno == EAGAIN) return std::nullopt;
      if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
        return Exhausted("accept on {}: {}", socket.address.ToString(), std::strerror(errno));
      }
      continue;  // the client gave up while it waited
    }
    if (socket.address.is_unix()) {
      return Accepted{std::move(fd), {.address = "unix", .is_unix = true}, "unix"};
    }
    const int on = 1;
    setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    Address from = AddressOf(name);
    return Accepted{std::move(fd), {.address = from.ToString()}, std::move(from.host)};
  }
}

}  // namespace weir::net
