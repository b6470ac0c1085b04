#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/multihash.h"
#include "base/result.h"
#include "datasets/chain_store.h"
#include "objects/object_store.h"
#include "odf/dataset_id.h"

namespace weir::datasets {

/// What was verified so far, and at the end in all.
struct Verified {
  std::uint64_t blocks = 0;
  std::uint64_t slices = 0;
  std::uint64_t checkpoints = 0;
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;                 ///< of slices and checkpoints
  std::uint64_t unreferenced = 0;          ///< objects that no block leads to; no harm
  std::uint64_t all_blocks = 0;            ///< that there are to verify
  std::vector<std::string> warnings = {};  ///< rules that only we are strict about
};

struct VerifyOptions {
  bool data = true;  ///< slices and checkpoints too, not the chain alone
  /// Goes on with the data where a verification of this dataset was interrupted: what that one had
  /// found good is not read again. The chain is always verified whole.
  bool resume = false;
  /// For a repository that is far: its slices are brought here first, a few at a time, and go when
  /// they were checked. Null: they are read where they lie.
  objects::ObjectStore* scratch = nullptr;
  /// Of a repository: the chain that ends with this block, whatever refs/head says and whatever
  /// else lies there.
  std::optional<Multihash> head = {};
  std::function<void(const Verified&)> on_progress = {};  ///< from one thread
};

/// Verifies all of a dataset (spec section 10.3): the chain is built again from the bytes of its
/// blocks, by every rule and with every hash, and must end where our record says; every slice and
/// checkpoint is there, with the size and hashes that its block says. Slices are checked side by
/// side. kCorrupt names the first bad block, and of a slice what about it is wrong, down to
/// the column where that can be told (slices/check_slice.h).
Result<Verified> Verify(const Context& context, ChainStore& chains, const odf::DatasetId& id,
                        const VerifyOptions& options = {});

/// The same for a repository anywhere, without bringing it in.
Result<Verified> VerifyRepository(const Context& context, const Repository& repository,
                                  const VerifyOptions& options = {});

}  // namespace weir::datasets
