#include "cli/server_client.h"

#include "cli/call.h"

namespace weir::cli {
namespace {

// A path with its query, as it goes over the wire.
std::string TargetOf(const api::Request& request) {
  std::string target = request.path;
  char separator = '?';
  for (const auto& [name, value] : request.query) {
    target += separator + Escaped(name) + '=' + Escaped(value);
    separator = '&';
  }
  return target;
}

class ServerClient : public Client {
 public:
  ServerClient(net::Endpoint endpoint, std::string name, std::string token,
               net::HttpClientOptions options)
      : endpoint_(std::move(endpoint)),
        name_(std::move(name)),
        token_(std::move(token)),
        http_(std::move(options)) {}

  Result<api::Response> Send(const Context& context, api::Request request) override {
    net::HttpClient::Request sent{.method = std::string(NameOf(request.method)),
                                  .url = {.endpoint = endpoint_, .target = TargetOf(request)},
                                  .fields = request.headers.fields(),
                                  .body = std::move(request.body)};
    if (!token_.empty()) sent.fields.emplace_back("Authorization", "Bearer " + token_);
    ASSIGN_OR_RETURN(net::HttpClient::Response got, http_.Send(context, std::move(sent)));
    api::Response response{.status = got.status, .body = std::move(got.body)};
    for (auto& [field, value] : got.fields) response.headers.Add(field, std::move(value));
    return response;
  }

  std::string Name() const override { return name_; }

 private:
  const net::Endpoint endpoint_;
  const std::string name_;
  const std::string token_;
  net::HttpClient http_;
};

}  // namespace

std::unique_ptr<Client> ConnectToServer(net::Endpoint endpoint, std::string name, std::string token,
                                        net::HttpClientOptions options) {
  return std::make_unique<ServerClient>(std::move(endpoint), std::move(name), std::move(token),
                                        std::move(options));
}

}  // namespace weir::cli
