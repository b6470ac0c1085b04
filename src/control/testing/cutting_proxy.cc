#include "control/testing/cutting_proxy.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <string_view>

#include "base/check.h"

namespace weir::control {
namespace {

using std::string_view_literals::operator""sv;

constexpr const char* kSocket = ".s.PGSQL.5432";
constexpr int kLookEveryMs = 20;  // whether to stop

sockaddr_un AddressOf(const std::filesystem::path& directory) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = directory / kSocket;
  WEIR_CHECK(path.size() < sizeof address.sun_path);
  std::strcpy(address.sun_path, path.c_str());
  return address;
}

int ConnectTo(const std::filesystem::path& directory) {
  const sockaddr_un address = AddressOf(directory);
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    return socket;
  }
  ::close(socket);
  return -1;
}

bool SendAll(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

}  // namespace

CuttingProxy::CuttingProxy(const std::filesystem::path& server)
    : server_(server), listener_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const sockaddr_un address = AddressOf(dir_.path());
  WEIR_CHECK(::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  WEIR_CHECK(::listen(listener_, 16) == 0);
  acceptor_ = std::jthread([this](const std::stop_token& stop) { Accept(stop); });
}

CuttingProxy::~CuttingProxy() {
  acceptor_.request_stop();
  acceptor_.join();
  forwarders_.clear();
  ::close(listener_);
}

std::string CuttingProxy::conninfo() const {
  return "postgresql:///postgres?user=postgres&host=" + dir_.path().native();
}

void CuttingProxy::Accept(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    pollfd wait{listener_, POLLIN, 0};
    if (::poll(&wait, 1, kLookEveryMs) <= 0) continue;
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    if (closed_) {
      ::close(client);
      continue;
    }
    forwarders_.emplace_back(
        [this, client](const std::stop_token& ends) { Forward(ends, client); });
  }
}

void CuttingProxy::Forward(const std::stop_token& stop, int client) {
  const int server = ConnectTo(server_);
  std::array<char, 65536> buffer{};
  bool swallow = false;  // the server's next answer
  while (server >= 0 && !stop.stop_requested()) {
    std::array<pollfd, 2> waits{pollfd{client, POLLIN, 0}, pollfd{server, POLLIN, 0}};
    if (::poll(waits.data(), waits.size(), kLookEveryMs) <= 0) continue;
    const bool from_client = waits[0].revents != 0;
    const ssize_t size = ::recv(from_client ? client : server, buffer.data(), buffer.size(), 0);
    if (size <= 0) break;
    const std::string_view bytes(buffer.data(), static_cast<std::size_t>(size));
    if (!from_client && swallow) break;
    if (from_client && bytes.find("COMMIT\0"sv) != bytes.npos) {
      const Cut cut = cut_.exchange(Cut::kNothing);
      if (cut == Cut::kBeforeCommit) break;
      swallow = cut == Cut::kAfterCommit;
    }
    if (!SendAll(from_client ? server : client, bytes)) break;
  }
  ::close(client);
  if (server >= 0) ::close(server);
}

}  // namespace weir::control
