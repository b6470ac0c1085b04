#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "base/context.h"
#include "base/multihash.h"
#include "base/result.h"
#include "datasets/append.h"
#include "datasets/repository.h"
#include "odf/chain.h"

namespace weir::datasets {

/// Blocks of a repository that lie between a known block and its head.
struct FoundChain {
  std::vector<Multihash> hashes = {};       ///< the oldest first, the head last
  std::optional<Multihash> stands_on = {};  ///< the block before them; none: they begin it
};

/// Walks back from `head` until `is_known` says so of a block, or the chain begins. Each block is
/// checked against its hash and its sequence number, so that no repository can lead in circles.
/// kCorrupt for blocks that do not fit together, kExhausted beyond `limit` blocks.
Result<FoundChain> WalkBack(const Context& context, const Repository& repository,
                            const Multihash& head,
                            const std::function<Result<bool>(const Multihash&)>& is_known,
                            std::uint64_t limit = 100'000'000);

/// Reads a block, and checks its slice whole. kCorrupt names block and slice.
Result<FoundBlock> ReadFoundBlock(const Context& context, const Repository& repository,
                                  const Multihash& hash, const odf::SetVocab& vocab);

}  // namespace weir::datasets
