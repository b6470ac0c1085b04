#include "server/tls_choice.h"

#include "net/server_tls.h"

namespace weir::server {

Result<std::optional<net::TlsFiles>> ChooseTls(const Settings& settings, const HomePaths& paths,
                                               const net::Address& address, Files& files) {
  if (!settings.tls_certificate.empty()) {
    return std::optional(net::TlsFiles{settings.tls_certificate, settings.tls_key});
  }
  if (!settings.tls_self_signed) return std::optional<net::TlsFiles>();
  const net::TlsFiles pair{paths.keys() / "self-signed.crt", paths.keys() / "self-signed.key"};
  ASSIGN_OR_RETURN(const bool has_certificate, files.Exists(pair.certificate));
  ASSIGN_OR_RETURN(const bool has_key, files.Exists(pair.private_key));
  if (!has_certificate || !has_key) {
    RETURN_IF_ERROR(net::MakeSelfSignedPair(pair, {address.host, "localhost", "127.0.0.1"}, files));
  }
  return std::optional(pair);
}

}  // namespace weir::server
