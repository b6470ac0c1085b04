#include "secrets/signing_key.h"

#include <sodium.h>

#include <span>

#include "base/check.h"

namespace weir::secrets {

SigningKey MakeSigningKey(Rng& rng) {
  static_assert(crypto_sign_SEEDBYTES == 32 && crypto_sign_PUBLICKEYBYTES == 32);
  SigningKey key{.seed = SecretValue::Zeroes(crypto_sign_SEEDBYTES)};
  rng.Fill(std::as_writable_bytes(std::span(key.seed.Bytes(), key.seed.size())));
  SecretValue both = SecretValue::Zeroes(crypto_sign_SECRETKEYBYTES);
  const auto* seed = reinterpret_cast<const unsigned char*>(key.seed.Bytes());
  auto* secret = reinterpret_cast<unsigned char*>(both.Bytes());
  WEIR_CHECK(crypto_sign_seed_keypair(key.public_key.data(), secret, seed) == 0);
  return key;
}

}  // namespace weir::secrets
