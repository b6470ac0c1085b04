#pragma once

#include <cstdint>
#include <vector>

#include "base/context.h"
#include "base/multihash.h"
#include "base/result.h"
#include "datasets/append.h"
#include "datasets/chain_store.h"

namespace weir::datasets {

/// An event of a chain that is written anew.
struct RewrittenBlock {
  odf::MetadataEvent event = {};
  Timestamp system_time = {};
  std::optional<slices::SliceFacts> facts = {};  ///< of its slice, which is in the repository
};

/// Another history for a dataset: its first blocks as they are, and others after them.
struct Rewriting {
  Multihash expected_head = {};
  std::uint64_t kept = 0;  ///< how many of the first blocks stay; their hashes do too
  std::vector<RewrittenBlock> tail = {};
};

/// Puts another history in place of the one that the dataset has (spec section 10.4), in one
/// transaction: readers see the one or the other, and so does whoever opens the home after a crash.
/// Objects that only the old one leads to are left for gc. The chain record is that of the new one.
///
/// kConflict when the head is another one by now, kInvalid when the new blocks break a rule of
/// chains; the old history is then still there. One that is too long for a transaction is put in
/// place as ReplaceChain does it.
Result<ChainRecord> RewriteChain(const Context& context, ChainStore& chains,
                                 const odf::DatasetId& id, const Rewriting& rewriting);

/// The record as it was after the first `count` blocks, which are read one after the other.
Result<ChainRecord> RecordAfter(const Context& context, ChainStore& chains,
                                const odf::DatasetId& id, std::uint64_t count);

}  // namespace weir::datasets
