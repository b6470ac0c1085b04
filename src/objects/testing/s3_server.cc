#include "objects/testing/s3_server.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <string>
#include <thread>
#include <vector>

#include "base/check.h"
#include "base/files.h"

namespace weir::objects {
namespace {

constexpr std::string_view kRunning = "Running on ";

// Only what is safe between fork and exec. The server goes when the test does, however that ends.
[[noreturn]] void BecomeServer(const char* log_path, char* const* arguments, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(1);
  const int log = ::open(log_path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  ::dup2(log, STDOUT_FILENO);
  ::dup2(log, STDERR_FILENO);
  ::execv(WEIR_TEST_PYTHON, arguments);
  ::_exit(127);
}

std::vector<std::string> ArgumentsFor(const std::optional<net::TlsFiles>& tls) {
  std::vector<std::string> arguments = {
      WEIR_TEST_PYTHON, "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"};
  if (tls) {
    for (const std::string& more : {std::string("-c"), tls->certificate.string(), std::string("-k"),
                                    tls->private_key.string()}) {
      arguments.push_back(more);
    }
  }
  return arguments;
}

// The address in the server's log, empty while it is not there.
std::string AddressIn(const std::string& log) {
  const std::size_t at = log.find(kRunning);
  if (at == std::string::npos) return "";
  const std::size_t begin = at + kRunning.size();
  const std::size_t end = log.find('\n', begin);
  return end == std::string::npos ? "" : log.substr(begin, end - begin);
}

}  // namespace

S3Server::S3Server(const std::optional<net::TlsFiles>& tls) {
  using namespace std::chrono_literals;
  std::vector<std::string> arguments = ArgumentsFor(tls);
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  const std::string log_path = (directory_ / "log").string();
  const pid_t self = ::getpid();
  process_ = ::fork();
  if (process_ == 0) BecomeServer(log_path.c_str(), argv.data(), self);
  WEIR_CHECK(process_ > 0);
  const auto give_up = std::chrono::steady_clock::now() + 60s;
  for (;;) {
    const std::string log = PosixFiles().ReadAll(log_path).value_or("");
    endpoint_ = AddressIn(log);
    if (!endpoint_.empty()) return;
    const bool ended = ::waitpid(process_, nullptr, WNOHANG) == process_;
    WEIR_CHECK_MSG(!ended && std::chrono::steady_clock::now() < give_up,
                   "the S3 server of the tests did not start: " + log);
    std::this_thread::sleep_for(10ms);
  }
}

S3Server::~S3Server() {
  ::kill(process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
}

void S3Server::CreateBucket(std::string_view bucket) {
  const auto port = std::stoi(endpoint_.substr(endpoint_.rfind(':') + 1));
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  WEIR_CHECK(::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0);
  const std::string request = fmt::format(
      "PUT /{} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
      bucket);
  WEIR_CHECK(::write(socket, request.data(), request.size()) ==
             static_cast<ssize_t>(request.size()));
  std::string answer(4096, '\0');
  const ssize_t count = ::read(socket, answer.data(), answer.size());
  ::close(socket);
  answer.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  WEIR_CHECK_MSG(answer.find(" 200 ") != std::string::npos, answer);
}

std::string S3Server::Url(std::string_view bucket_and_prefix) const {
  return fmt::format("s3://{}?endpoint={}", bucket_and_prefix, endpoint_);
}

ObjectStoreOptions S3Server::Options() {
  return {.access_key_id = "test-key", .secret_access_key = "test-secret"};
}

}  // namespace weir::objects
