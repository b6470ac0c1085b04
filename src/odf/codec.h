#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/multihash.h"
#include "base/result.h"
#include "odf/events.h"

namespace weir::odf {

/// The version of blocks we write; 2 is read too, 1 (before sequence numbers) is refused.
inline constexpr std::int32_t kBlockVersion = 3;

/// The canonical bytes of `block` (spec section 4.2): the same block always gives the same bytes,
/// byte for byte what Kamu writes.
Bytes EncodeBlock(const MetadataBlock& block);

/// A block and what it was read from.
struct DecodedBlock {
  std::int32_t version = kBlockVersion;
  MetadataBlock block;
};

/// Reads a block of version 2 or 3. Any bytes give a value or an error (kCorrupt, kUnimplemented
/// for other versions and event types), never a crash: offsets are checked, unaligned fields are
/// read by copy, nesting is at most 64 deep, and no buffer makes more than it holds.
Result<DecodedBlock> DecodeBlock(ByteView bytes);

/// The hash a block is known by: SHA3-256 over the whole file.
Multihash HashOfBlock(ByteView bytes);

}  // namespace weir::odf
