#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/stream.h"
#include "wire/http/content_coding.h"

namespace weir::http {

/// Packs bytes that come piece by piece. One thread at a time.
class Packer {
 public:
  enum class Then {
    kMore,   ///< more follows; keep what packs better with it
    kFlush,  ///< more may be long in coming; the reader gets all there is
    kEnd,    ///< that was all
  };

  virtual ~Packer() = default;

  /// Takes all of `bytes` and appends what is ready to `packed`.
  virtual void Add(std::string_view bytes, Then then, std::string& packed) = 0;
};

/// How hard to try: kFast while somebody waits, kSmall for what is packed once and sent often.
enum class Effort { kFast, kSmall };

/// `coding` is not kIdentity.
std::unique_ptr<Packer> MakePacker(Coding coding, Effort effort);

/// All of `bytes`, packed.
std::string Pack(std::string_view bytes, Coding coding, Effort effort);

/// `source`, packed as it is read. Whatever the source has at the moment is passed on: a Read of it
/// that comes back short is flushed, so that a slow stream is not held back.
std::unique_ptr<ByteSource> Packed(std::unique_ptr<ByteSource> source, Coding coding);

}  // namespace weir::http
