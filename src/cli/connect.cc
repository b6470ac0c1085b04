#include "cli/connect.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "cli/home_client.h"
#include "cli/server_client.h"
#include "server/home_directory.h"
#include "server/socket_path.h"

namespace weir::cli {
namespace {

// Whether somebody accepts connections at the socket. One that a killed server left is still there,
// but refuses.
bool IsListenedTo(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) return false;
  std::ranges::copy(path, static_cast<char*>(address.sun_path));
  const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return false;
  const bool connected =
      ::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
  ::close(descriptor);
  return connected;
}

/// The client of a home's server, with the open directory its socket may be reached through.
class SocketClient : public Client {
 public:
  SocketClient(std::unique_ptr<server::SocketPath> path, std::unique_ptr<Client> client)
      : path_(std::move(path)), client_(std::move(client)) {}

  Result<api::Response> Send(const Context& context, api::Request request) override {
    return client_->Send(context, std::move(request));
  }
  std::string Name() const override { return client_->Name(); }

 private:
  const std::unique_ptr<server::SocketPath> path_;
  const std::unique_ptr<Client> client_;
};

Result<std::unique_ptr<Client>> ConnectToUrl(const Globals& globals) {
  const auto url = net::ParseUrl(globals.server);
  if (!url) {
    return Invalid("--server: {}", url.error().message)
        .WithHint("a server is http://HOST:PORT or https://HOST:PORT");
  }
  net::HttpClientOptions options;
  if (url->endpoint.has_tls) {
    ASSIGN_OR_RETURN(options.tls, net::ClientTls::Open(globals.ca_file));
  }
  return ConnectToServer(url->endpoint, "the server at " + globals.server, globals.token,
                         std::move(options));
}

}  // namespace

Result<std::unique_ptr<Client>> Connect(const Globals& globals, const Context& context) {
  if (!globals.server.empty()) return ConnectToUrl(globals);
  const server::HomePaths paths(globals.home);
  if (auto path = server::SocketPath::Open(paths.socket()); path && IsListenedTo((*path)->name())) {
    net::Endpoint endpoint{.address = {.socket_path = (*path)->name()}};
    auto client = ConnectToServer(std::move(endpoint), "the server of " + globals.home.string(), "",
                                  net::HttpClientOptions{});
    return std::make_unique<SocketClient>(*std::move(path), std::move(client));
  }
  return OpenHomeClient(globals, context);
}

}  // namespace weir::cli
