#include "net/testing/raw_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <charconv>

#include "base/check.h"

namespace weir::net {
namespace {

constexpr std::chrono::milliseconds kWait{10'000};

UniqueFd Connect(const Address& address) {
  UniqueFd fd(socket(address.is_unix() ? AF_UNIX : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  int failed = 0;
  if (address.is_unix()) {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    address.socket_path.copy(name.sun_path, sizeof name.sun_path - 1);
    failed = connect(fd.get(), reinterpret_cast<sockaddr*>(&name), sizeof name);
  } else {
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_port = htons(address.port);
    inet_pton(AF_INET, address.host.c_str(), &name.sin_addr);
    failed = connect(fd.get(), reinterpret_cast<sockaddr*>(&name), sizeof name);
  }
  WEIR_CHECK_MSG(failed == 0, address.ToString());
  return fd;
}

bool IsReadable(int fd, std::chrono::milliseconds wait) {
  pollfd entry{.fd = fd, .events = POLLIN, .revents = 0};
  return poll(&entry, 1, static_cast<int>(wait.count())) > 0;
}

std::size_t ContentLengthOf(std::string_view head) {
  constexpr std::string_view kName = "Content-Length: ";
  const std::size_t at = head.find(kName);
  std::size_t length = 0;
  if (at != std::string_view::npos) {
    std::from_chars(head.data() + at + kName.size(), head.data() + head.size(), length);
  }
  return length;
}

}  // namespace

RawClient::RawClient(const Address& address) : fd_(Connect(address)) {}

bool RawClient::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void RawClient::FinishSending() { shutdown(fd_.get(), SHUT_WR); }

std::string RawClient::Read() {
  if (!pending_.empty()) return std::exchange(pending_, {});
  if (!IsReadable(fd_.get(), kWait)) return {};
  std::array<char, 16 << 10> buffer;
  const ssize_t count = recv(fd_.get(), buffer.data(), buffer.size(), 0);
  return count > 0 ? std::string(buffer.data(), static_cast<std::size_t>(count)) : std::string();
}

std::string RawClient::ReadUntil(std::string_view text) {
  std::string all;
  while (all.find(text) == std::string::npos) {
    const std::string more = Read();
    if (more.empty()) return all;
    all += more;
  }
  const std::size_t end = all.find(text) + text.size();
  pending_ = all.substr(end);
  all.resize(end);
  return all;
}

std::string RawClient::ReadResponse() {
  std::string response = ReadUntil("\r\n\r\n");
  if (response.find("Transfer-Encoding: chunked") != std::string::npos) {
    return response + ReadUntil("0\r\n\r\n");
  }
  const std::size_t whole = response.size() + ContentLengthOf(response);
  while (response.size() < whole) {
    const std::string more = Read();
    if (more.empty()) return response;
    response += more;
  }
  pending_ = response.substr(whole);
  response.resize(whole);
  return response;
}

std::string RawClient::ReadToEnd() {
  std::string all;
  for (std::string more = Read(); !more.empty(); more = Read()) all += more;
  return all;
}

bool RawClient::IsClosedWithin(std::chrono::milliseconds wait) {
  if (!pending_.empty() || !IsReadable(fd_.get(), wait)) return false;
  char byte = 0;
  return recv(fd_.get(), &byte, 1, MSG_PEEK) <= 0;
}

bool RawClient::IsReadableWithin(std::chrono::milliseconds wait) {
  return !pending_.empty() || IsReadable(fd_.get(), wait);
}

void RawClient::ShrinkReceiveBuffer() {
  const int size = 4096;
  setsockopt(fd_.get(), SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
}

int StatusOf(std::string_view response) {
  int status = 0;
  if (response.size() < 12 || !response.starts_with("HTTP/1.1 ")) return 0;
  std::from_chars(response.data() + 9, response.data() + 12, status);
  return status;
}

std::string_view BodyOf(std::string_view response) {
  const std::size_t end = response.find("\r\n\r\n");
  return end == std::string_view::npos ? std::string_view() : response.substr(end + 4);
}

}  // namespace weir::net
