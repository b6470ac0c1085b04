#pragma once

#include <compare>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace weir::backup {

/// Names a chunk: the SHA-256 of the bytes it is stored as, in hexadecimal. So chunks that are
/// alike are stored once, and `sha256sum` checks a backup.
struct ChunkId {
  std::string hex;

  static ChunkId Of(std::string_view stored);
  static Result<ChunkId> Parse(std::string_view hex);

  /// Its key in the object store: chunks/ab/abcd...
  std::string ObjectKey() const;

  auto operator<=>(const ChunkId&) const = default;
};

/// Most bytes of a chunk, before compression: one transaction of the control store and a margin.
inline constexpr std::size_t kMaxChunkSize = 64 << 20;

/// The bytes to store for `content`: one zstd frame. The same content gives the same bytes as long
/// as the zstd library stays the same; after that it is stored once more.
Result<std::string> CompressChunk(std::string_view content);

/// Checks `stored` against its id and gives the content. kCorrupt if it is not what was stored.
Result<std::string> ExpandChunk(const ChunkId& id, std::string_view stored);

}  // namespace weir::backup
