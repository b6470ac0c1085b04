#include "control/backup/chunk.h"

#include <zstd.h>

#include <algorithm>

#include "base/bytes.h"
#include "base/hex.h"
#include "base/sha256.h"

namespace weir::backup {
namespace {

// Level 3 packs a home's JSON five times smaller at more than a disk's speed.
constexpr int kLevel = 3;
constexpr std::size_t kDigits = 64;

}  // namespace

ChunkId ChunkId::Of(std::string_view stored) { return {ToHex(Sha256::Of(AsBytes(stored)))}; }

Result<ChunkId> ChunkId::Parse(std::string_view hex) {
  const bool is_lower_hex = hex.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  if (hex.size() != kDigits || !is_lower_hex) return Corrupt("the id of a chunk is none");
  return ChunkId{std::string(hex)};
}

std::string ChunkId::ObjectKey() const { return "chunks/" + hex.substr(0, 2) + "/" + hex; }

Result<std::string> CompressChunk(std::string_view content) {
  if (content.size() > kMaxChunkSize) {
    return Exhausted("a chunk of {} bytes is larger than {}", content.size(), kMaxChunkSize);
  }
  std::string stored(ZSTD_compressBound(content.size()), '\0');
  const std::size_t size =
      ZSTD_compress(stored.data(), stored.size(), content.data(), content.size(), kLevel);
  if (ZSTD_isError(size) != 0) return Internal("zstd: {}", ZSTD_getErrorName(size));
  stored.resize(size);
  return stored;
}

Result<std::string> ExpandChunk(const ChunkId& id, std::string_view stored) {
  if (const ChunkId found = ChunkId::Of(stored); found != id) {
    return Corrupt("chunk {} holds bytes that hash to {}", id.hex, found.hex);
  }
  // The hash holds, so what follows would be a bug of whoever wrote it.
  const unsigned long long size = ZSTD_getFrameContentSize(stored.data(), stored.size());
  if (size > kMaxChunkSize) return Corrupt("chunk {} is no frame of zstd", id.hex);
  std::string content(size, '\0');
  const std::size_t expanded =
      ZSTD_decompress(content.data(), content.size(), stored.data(), stored.size());
  if (expanded != size) return Corrupt("chunk {} is no frame of zstd", id.hex);
  return content;
}

}  // namespace weir::backup
