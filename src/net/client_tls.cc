#include "net/client_tls.h"

#include <openssl/ssl.h>

#include "net/client_tls_impl.h"

namespace weir::net {

Result<std::shared_ptr<const ClientTls>> ClientTls::Open(const std::filesystem::path& authorities) {
  auto impl = std::make_unique<Impl>();
  SSL_CTX* context = impl->context.native_handle();
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  if (authorities.empty()) {
    SSL_CTX_set_default_verify_paths(context);
  } else if (SSL_CTX_load_verify_file(context, authorities.c_str()) != 1) {
    return Invalid("{} holds no certificate of an authority", authorities.string());
  }
  return std::shared_ptr<const ClientTls>(new ClientTls(std::move(impl)));
}

ClientTls::ClientTls(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ClientTls::~ClientTls() = default;

}  // namespace weir::net
