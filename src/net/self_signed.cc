#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <array>
#include <memory>
#include <span>

#include "net/server_tls.h"

namespace weir::net {
namespace {

template <auto kFree>
struct Freer {
  template <typename T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freer<X509_free>>;
using Memory = std::unique_ptr<BIO, Freer<BIO_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freer<X509_EXTENSION_free>>;

constexpr long kValidSeconds = 3650L * 24 * 3600;
constexpr long kBackdatedSeconds = -24L * 3600;  // for clients whose clock is behind

bool IsNumber(const std::string& host) {
  const std::unique_ptr<ASN1_OCTET_STRING, Freer<ASN1_OCTET_STRING_free>> number(
      a2i_IPADDRESS(host.c_str()));
  return number != nullptr;
}

std::string AlternativeNames(const std::vector<std::string>& hosts) {
  std::string names;
  for (const std::string& host : hosts) {
    if (!names.empty()) names += ',';
    names += IsNumber(host) ? "IP:" : "DNS:";
    names += host;
  }
  return names;
}

bool AddExtension(X509* certificate, int id, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str()));
  return extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool SetSerial(X509* certificate) {
  std::array<unsigned char, 16> bytes{};
  if (RAND_bytes(bytes.data(), bytes.size()) != 1) return false;
  bytes[0] &= 0x7f;  // a serial number is positive
  const std::unique_ptr<BIGNUM, Freer<BN_free>> number(
      BN_bin2bn(bytes.data(), bytes.size(), nullptr));
  return BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

Certificate Sign(EVP_PKEY* key, const std::vector<std::string>& hosts) {
  Certificate certificate(X509_new());
  X509* const made = certificate.get();
  X509_NAME* name = X509_get_subject_name(made);
  constexpr std::array<unsigned char, 5> kName = {'w', 'e', 'i', 'r', 0};
  const bool is_signed =
      X509_set_version(made, X509_VERSION_3) == 1 && SetSerial(made) &&
      X509_gmtime_adj(X509_getm_notBefore(made), kBackdatedSeconds) != nullptr &&
      X509_gmtime_adj(X509_getm_notAfter(made), kValidSeconds) != nullptr &&
      X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, kName.data(), 4, -1, 0) == 1 &&
      X509_set_issuer_name(made, name) == 1 && X509_set_pubkey(made, key) == 1 &&
      AddExtension(made, NID_subject_alt_name, AlternativeNames(hosts)) &&
      // Its own authority, so that a client can be given this one file to believe.
      AddExtension(made, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
      AddExtension(made, NID_key_usage, "critical,digitalSignature,keyCertSign") &&
      AddExtension(made, NID_ext_key_usage, "serverAuth") &&
      AddExtension(made, NID_subject_key_identifier, "hash") &&
      X509_sign(made, key, EVP_sha256()) > 0;
  return is_signed ? std::move(certificate) : nullptr;
}

ByteView Content(BIO* memory) {
  char* start = nullptr;
  const long size = BIO_get_mem_data(memory, &start);
  return std::as_bytes(std::span(start, static_cast<std::size_t>(size)));
}

}  // namespace

Status MakeSelfSignedPair(const TlsFiles& files, const std::vector<std::string>& hosts,
                          Files& disk) {
  if (hosts.empty()) return Invalid("a certificate needs a host");
  const Key key(EVP_EC_gen("P-256"));
  const Certificate certificate = key != nullptr ? Sign(key.get(), hosts) : nullptr;
  const Memory key_text(BIO_new(BIO_s_mem()));
  const Memory certificate_text(BIO_new(BIO_s_mem()));
  if (certificate == nullptr ||
      PEM_write_bio_PKCS8PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                    nullptr) != 1 ||
      PEM_write_bio_X509(certificate_text.get(), certificate.get()) != 1) {
    return Invalid("no certificate can be made for these hosts");
  }
  RETURN_IF_ERROR(disk.WriteDurably(files.private_key, Content(key_text.get()), 0600));
  return disk.WriteDurably(files.certificate, Content(certificate_text.get()));
}

}  // namespace weir::net
