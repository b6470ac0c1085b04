#pragma once

#include <array>
#include <cstdint>

#include "base/rng.h"
#include "secrets/secret_value.h"

namespace weir::secrets {

/// An Ed25519 key pair (RFC 8032). The secret half is its 32-byte seed.
struct SigningKey {
  std::array<std::uint8_t, 32> public_key{};
  SecretValue seed = {};
};

SigningKey MakeSigningKey(Rng& rng);

}  // namespace weir::secrets
