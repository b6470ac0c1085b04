#include "net/resolve.h"

#include <arpa/inet.h>
#include <netdb.h>

#include <array>
#include <condition_variable>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

namespace weir::net {
namespace {

using Addresses = std::vector<SocketAddress>;

constexpr std::chrono::seconds kLongest{30};

Result<Addresses> Ask(const std::string& host, std::uint16_t port, int flags) {
  addrinfo hints{};
  hints.ai_flags = flags | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int failed = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (failed != 0) return Unavailable("find host {}: {}", host, gai_strerror(failed));
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owned(found, &freeaddrinfo);
  Addresses addresses;
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    if (each->ai_addrlen > sizeof(sockaddr_in6)) continue;
    SocketAddress& address = addresses.emplace_back();
    std::memcpy(&address.v6, each->ai_addr, each->ai_addrlen);
    address.size = each->ai_addrlen;
  }
  return addresses;
}

// What the asking thread and the waiting one share; the asking one may come too late.
struct Answer {
  std::mutex mutex;
  std::condition_variable_any came;
  std::optional<Result<Addresses>> addresses;
};

}  // namespace

std::string SocketAddress::Number() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* number = any.sa_family == AF_INET6 ? static_cast<const void*>(&v6.sin6_addr)
                                                 : static_cast<const void*>(&v4.sin_addr);
  inet_ntop(any.sa_family, number, text.data(), text.size());
  return text.data();
}

Result<Addresses> Resolve(const Context& context, const Address& address) {
  if (auto numeric = Ask(address.host, address.port, AI_NUMERICHOST)) return numeric;
  RETURN_IF_ERROR(context.Check());
  const auto answer = std::make_shared<Answer>();
  // getaddrinfo can neither be cancelled nor given a deadline: it is left behind instead.
  std::thread([answer, host = address.host, port = address.port] {
    Result<Addresses> addresses = Ask(host, port, AI_ADDRCONFIG);
    const std::lock_guard lock(answer->mutex);
    answer->addresses = std::move(addresses);
    answer->came.notify_one();
  }).detach();
  std::unique_lock lock(answer->mutex);
  answer->came.wait_for(lock, context.cancel_token(), context.Remaining(kLongest),
                        [&] { return answer->addresses.has_value(); });
  if (answer->addresses) return *std::move(answer->addresses);
  RETURN_IF_ERROR(context.Check());
  return Deadline("find host {}: the name service does not answer", address.host);
}

}  // namespace weir::net
