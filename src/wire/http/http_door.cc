#include "wire/http/http_door.h"

#include <utility>

#include "net/http_server.h"
#include "wire/http/door_service.h"
#include "wire/http/tls_watch.h"

namespace weir::http {
namespace {

class Door final : public HttpDoor {
 public:
  Door(HttpDoorOptions options, Parts parts)
      : options_(std::move(options)),
        parts_(parts),
        service_(options_, {parts.handler, parts.log, parts.metrics}) {}

  ~Door() override { Stop(); }

  Status Start() {
    if (options_.tls) {
      ASSIGN_OR_RETURN(tls_, net::ServerTls::Open(*options_.tls));
      tls_watch_.emplace(*tls_, options_.tls_check_interval, parts_.log);
    }
    std::vector<net::Address> addresses = options_.listen;
    if (!options_.socket.empty()) {
      addresses.push_back({.socket_path = options_.socket.string()});
    }
    ASSIGN_OR_RETURN(
        server_,
        net::HttpServer::Start(
            {.addresses = std::move(addresses), .limits = options_.limits, .tls = tls_.get()},
            {parts_.io_threads, parts_.workers, service_, parts_.log}));
    return Ok();
  }

  std::vector<net::Address> addresses() const override { return server_->addresses(); }

  Status ReloadTls() override { return tls_ == nullptr ? Ok() : tls_->Reload(); }

  Status Drain(std::chrono::milliseconds limit) override { return server_->Drain(limit); }

  void Stop() override {
    if (server_ != nullptr) server_->Stop();
  }

 private:
  const HttpDoorOptions options_;
  const Parts parts_;
  DoorService service_;
  std::unique_ptr<net::ServerTls> tls_;
  std::optional<TlsWatch> tls_watch_;
  std::unique_ptr<net::HttpServer> server_;
};

}  // namespace

Result<std::unique_ptr<HttpDoor>> HttpDoor::Open(HttpDoorOptions options, Parts parts) {
  RETURN_IF_ERROR(Validate(options));
  auto door = std::make_unique<Door>(std::move(options), parts);
  RETURN_IF_ERROR(door->Start());
  return door;
}

}  // namespace weir::http
