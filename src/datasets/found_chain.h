#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/context.h"
#include "base/multihash.h"
#include "base/result.h"
#include "datasets/append.h"
#include "datasets/repository.h"
#include "odf/events.h"
#include "slices/slice_facts.h"

namespace weir::datasets {

/// A block that was walked over.
struct FoundLink {
  Multihash hash = {};
  Bytes bytes = {};  ///< none: too much was found to keep it; it is read again
  /// Of its slice, when that has been checked whole already.
  std::optional<slices::SliceFacts> facts = {};
};

/// Blocks of a repository that lie between a known block and its head.
struct FoundChain {
  std::vector<FoundLink> links = {};        ///< the oldest first, the head last
  std::optional<Multihash> stands_on = {};  ///< the block before them; none: they begin it
};

/// Walks back from `head` until `is_known` says so of a block, or the chain begins. Each block is
/// read once and checked against its hash and its sequence number, so that no repository can lead
/// in circles. kCorrupt for blocks that do not fit together, kExhausted beyond `limit` blocks.
Result<FoundChain> WalkBack(const Context& context, const Repository& repository,
                            const Multihash& head,
                            const std::function<Result<bool>(const Multihash&)>& is_known,
                            std::uint64_t limit = 100'000'000);

/// The block of a link, without its slice.
Result<FoundBlock> DecodeFound(const Context& context, const Repository& repository,
                               const FoundLink& link);

/// Checks the slices of `blocks`, which follow each other, several at once, and gives each block
/// the facts of its slice; those that have them are left out. `vocab` is the one in force before
/// them, and is moved along. kCorrupt names block and slice.
Status CheckFoundSlices(const Context& context, const Repository& repository, odf::SetVocab& vocab,
                        std::span<FoundBlock> blocks);

}  // namespace weir::datasets
