#include "net/server_tls.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <mutex>
#include <utility>

#include "base/guarded_by.h"
#include "base/hex.h"
#include "net/server_tls_pair.h"

namespace weir::net {
namespace {

constexpr std::string_view kHttp11 = "\x08http/1.1";

// Forward secrecy and authenticated encryption only; TLS 1.3 has its own list.
constexpr const char* kTls12Ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20";

Error OpenSslError(std::string_view attempted, const TlsFiles& files) {
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  const char* reason = code != 0 ? ERR_reason_error_string(code) : nullptr;
  return Invalid("{} from {} and {}: {}", attempted, files.certificate.string(),
                 files.private_key.string(), reason != nullptr ? reason : "unknown error")
      .WithHint("both files are PEM, and the key belongs to the first certificate");
}

int SelectHttp11(SSL*, const unsigned char** out, unsigned char* out_size,
                 const unsigned char* offered, unsigned offered_size, void*) {
  auto* chosen = const_cast<unsigned char**>(out);
  const int found = SSL_select_next_proto(chosen, out_size,
                                          reinterpret_cast<const unsigned char*>(kHttp11.data()),
                                          kHttp11.size(), offered, offered_size);
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

std::string FingerprintOf(const X509* certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  X509_digest(certificate, EVP_sha256(), digest.data(), &size);
  return ToHex(std::as_bytes(std::span(digest).first(size)));
}

Result<std::shared_ptr<ServerTls::Pair>> ReadPair(const TlsFiles& files) {
  auto pair = std::make_shared<ServerTls::Pair>();
  SSL_CTX* context = pair->context.native_handle();
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                   SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb(context, SelectHttp11, nullptr);
  if (SSL_CTX_set_cipher_list(context, kTls12Ciphers) != 1 ||
      SSL_CTX_use_certificate_chain_file(context, files.certificate.c_str()) != 1) {
    return OpenSslError("cannot read a TLS certificate", files);
  }
  if (SSL_CTX_use_PrivateKey_file(context, files.private_key.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(context) != 1) {
    return OpenSslError("cannot read the TLS key", files);
  }
  pair->fingerprint = FingerprintOf(SSL_CTX_get0_certificate(context));
  return pair;
}

// When the files were written, to see that they were again. Absent counts as a time too.
struct Written {
  Timestamp certificate = {};
  Timestamp private_key = {};
  bool operator==(const Written&) const = default;
};

Timestamp WrittenAt(const std::filesystem::path& path) {
  const Result<FileInfo> info = PosixFiles().Stat(path);
  return info ? info->modified : Timestamp{};
}

Written WrittenAt(const TlsFiles& files) {
  return {WrittenAt(files.certificate), WrittenAt(files.private_key)};
}

}  // namespace

struct ServerTls::Impl {
  const TlsFiles files;
  mutable std::mutex mutex = {};
  std::shared_ptr<Pair> pair WEIR_GUARDED_BY(mutex) = {};
  Written written WEIR_GUARDED_BY(mutex) = {};
};

ServerTls::ServerTls(TlsFiles files) : impl_(new Impl{.files = std::move(files)}) {}
ServerTls::~ServerTls() = default;

Result<std::unique_ptr<ServerTls>> ServerTls::Open(TlsFiles files) {
  std::unique_ptr<ServerTls> tls(new ServerTls(std::move(files)));
  RETURN_IF_ERROR(tls->Reload());
  return tls;
}

Status ServerTls::Reload() {
  const Written written = WrittenAt(impl_->files);
  auto pair = ReadPair(impl_->files);
  const std::lock_guard lock(impl_->mutex);
  impl_->written = written;  // also of a bad pair, which is not looked at again until it changes
  if (!pair) return std::move(pair).error();
  impl_->pair = std::move(pair).value();
  return Ok();
}

Result<bool> ServerTls::ReloadIfChanged() {
  {
    const Written written = WrittenAt(impl_->files);
    const std::lock_guard lock(impl_->mutex);
    if (written == impl_->written) return false;
  }
  RETURN_IF_ERROR(Reload());
  return true;
}

std::string ServerTls::fingerprint() const { return pair()->fingerprint; }

std::shared_ptr<ServerTls::Pair> ServerTls::pair() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->pair;
}

}  // namespace weir::net
