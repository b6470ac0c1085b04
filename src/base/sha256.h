#pragma once

#include <memory>

#include "base/bytes.h"
#include "base/digest.h"

struct evp_md_ctx_st;

namespace weir {

/// SHA-256 of bytes that come piece by piece, by OpenSSL. One thread at a time.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void Update(ByteView bytes);

  /// The digest of all so far; the hasher then starts anew.
  Digest Finish();

  static Digest Of(ByteView bytes);

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

}  // namespace weir
