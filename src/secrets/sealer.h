#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/guarded_by.h"
#include "base/result.h"
#include "base/rng.h"
#include "secrets/key_file.h"
#include "secrets/key_ring.h"
#include "secrets/secret_value.h"

namespace weir::secrets {

/// Where a sealed value belongs. It is bound into the seal, so that a value copied to another
/// resource or another key of the same resource does not open there.
struct Place {
  std::string_view resource;  ///< its identity: secret:public:alpha-db
  std::string_view key;       ///< where in it: /data/password
};

/// Seals values under the keys of the home: XChaCha20-Poly1305 with a random nonce, the key's id in
/// the envelope (docs/formats/sealed-value.md). Sealing a value twice gives different bytes, so
/// equal values cannot be told from outside.
///
/// Thread-safe. Made in server/wiring.cc for the process that holds the home's lock.
class Sealer {
 public:
  /// Loads the keys, or makes them on first use. `rng` outlives the sealer.
  static Result<std::unique_ptr<Sealer>> Open(KeyFile file, Rng& rng);

  /// Longest value that is sealed, in bytes.
  static constexpr std::size_t kMaxValueSize = 512 << 10;

  /// kExhausted for a value above kMaxValueSize.
  Result<std::string> Seal(const SecretValue& value, const Place& place) const;

  /// kCorrupt when `sealed` was changed, belongs elsewhere, or was sealed under a key that this
  /// home does not have (the hint tells which).
  Result<SecretValue> Unseal(std::string_view sealed, const Place& place) const;

  /// Seals under a new key from now on, which is durable once this returned. Old keys stay, and go
  /// on opening.
  Status Rotate();

  /// Whether `sealed` is under an older key than Seal would use.
  bool IsStale(std::string_view sealed) const;

 private:
  Sealer(KeyFile file, Rng& rng, KeyRing ring);

  std::shared_ptr<const KeyRing> Ring() const;

  const KeyFile file_;
  Rng& rng_;
  std::mutex rotating_;  // held across the file's writing, so that two rotations queue up
  mutable std::mutex mutex_;
  std::shared_ptr<const KeyRing> ring_ WEIR_GUARDED_BY(mutex_);
};

}  // namespace weir::secrets
