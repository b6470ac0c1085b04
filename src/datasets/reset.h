#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/context.h"
#include "base/multihash.h"
#include "base/result.h"
#include "datasets/chain_store.h"

namespace weir::datasets {

struct ResetRequest {
  odf::DatasetId id = {};
  /// The number of the newest block that stays. None: a derivative keeps what says how it is made
  /// and no data, and its next step starts over.
  std::optional<std::uint64_t> to = {};
  bool is_dry_run = false;
};

/// What a reset took from one dataset, or would take.
struct ResetReport {
  odf::DatasetId id = {};
  Multihash old_head = {};
  Multihash new_head = {};    ///< of a dry run: the last block that stays
  std::uint64_t blocks = 0;   ///< that are not on the chain any more
  std::uint64_t records = 0;  ///< of their slices
};

/// Moves the head of a dataset back (spec section 10.4). What came after is not part of it any
/// more, and its objects are left for gc. A derivative without `to` is written anew with its
/// metadata alone; the schema, which its first step finds, is not among that. Nothing to take: the
/// report has no blocks, and nothing is written.
///
/// kInvalid for a root without `to`; kNotFound when there is no such block; kConflict when others
/// keep committing meanwhile.
Result<ResetReport> Reset(const Context& context, ChainStore& chains, const ResetRequest& request);

/// The derivatives that have names and have read `id` beyond its first `kept` blocks, or another
/// history of it: with these blocks alone their next step would have nothing to go on from.
Result<std::vector<odf::DatasetId>> ReadersBeyond(const Context& context, ChainStore& chains,
                                                  const odf::DatasetId& id, std::uint64_t kept);

/// How many of the first blocks `request` leaves as they are.
Result<std::uint64_t> BlocksKept(const Context& context, ChainStore& chains,
                                 const ResetRequest& request);

/// What a reset of a dataset comes to, and of the derivatives that read what it takes.
struct ResetGraph {
  std::vector<ResetReport> done = {};  ///< the dataset first
  /// Not reset: they say what to do when they are next updated.
  std::vector<odf::DatasetId> diverged = {};
};

/// As Reset, and with `downstream` the derivatives that read what it took are reset too, and those
/// that read them. Interrupted, it is called again.
Result<ResetGraph> ResetWithReaders(const Context& context, ChainStore& chains,
                                    const ResetRequest& request, bool downstream);

}  // namespace weir::datasets
