#include "objects/testing/scripted_server.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <utility>
#include <vector>

#include "base/check.h"

namespace weir::objects {
namespace {

// The head of the request; the body, if any, is left unread.
std::string ReadHead(int connection) {
  std::string head;
  std::array<char, 4096> buffer;
  while (head.find("\r\n\r\n") == std::string::npos) {
    const ssize_t count = ::read(connection, buffer.data(), buffer.size());
    if (count <= 0) break;
    head.append(buffer.data(), static_cast<std::size_t>(count));
  }
  return head;
}

}  // namespace

ScriptedServer::ScriptedServer(Script script) : script_(std::move(script)) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* any = reinterpret_cast<sockaddr*>(&address);
  WEIR_CHECK(::bind(listener_, any, size) == 0 && ::listen(listener_, 16) == 0);
  WEIR_CHECK(::getsockname(listener_, any, &size) == 0);
  port_ = ntohs(address.sin_port);
  thread_ = std::jthread([this](const std::stop_token& stop) { Serve(stop); });
}

ScriptedServer::~ScriptedServer() {
  thread_.request_stop();
  ::shutdown(listener_, SHUT_RDWR);  // wakes accept
  thread_.join();
  ::close(listener_);
}

std::string ScriptedServer::endpoint() const { return fmt::format("http://127.0.0.1:{}", port_); }

void ScriptedServer::Serve(const std::stop_token& stop) {
  std::vector<int> held;
  while (!stop.stop_requested()) {
    const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) continue;
    const std::string request = ReadHead(connection);
    const auto answer = script_(requests_++, request);
    if (!answer) {
      held.push_back(connection);
      continue;
    }
    (void)!::send(connection, answer->data(), answer->size(), MSG_NOSIGNAL);
    ::shutdown(connection, SHUT_WR);
    ::close(connection);
  }
  for (const int connection : held) ::close(connection);
}

}  // namespace weir::objects
