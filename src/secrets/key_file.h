#pragma once

#include "base/files.h"
#include "base/result.h"
#include "base/rng.h"
#include "secrets/key_ring.h"

namespace weir::secrets {

/// The file the keys of a home are in, home/keys/sealing: readable by its owner alone, outside the
/// control store, so that a copy of the store opens nothing. Whoever calls holds the home's lock.
class KeyFile {
 public:
  /// `files` outlives this.
  KeyFile(Files& files, Files::Path path) : files_(files), path_(std::move(path)) {}

  /// kNotFound when there is none; kDenied when others than its owner may touch it; kCorrupt when
  /// it is damaged.
  Result<KeyRing> Load() const;

  /// Load, or a new ring of one key, durable before it is returned.
  Result<KeyRing> LoadOrCreate(Rng& rng) const;

  /// Replaces what is there, all or nothing.
  Status Save(const KeyRing& ring) const;

 private:
  Files& files_;
  Files::Path path_;
};

}  // namespace weir::secrets
