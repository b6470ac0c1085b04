#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/context.h"
#include "base/result.h"
#include "datasets/chain_store.h"
#include "datasets/repository.h"
#include "odf/dataset_id.h"

namespace weir::datasets {

/// How far a transfer has come, or at its end what it did. What was there already counts as
/// brought.
struct Transferred {
  std::uint64_t blocks = 0;
  std::uint64_t objects = 0;      ///< slices and checkpoints
  std::uint64_t bytes = 0;        ///< that travelled
  std::uint64_t all_objects = 0;  ///< as far as is known yet
  std::uint64_t all_bytes = 0;
};

/// What to do where both sides went on from a common block, or have nothing in common but the id.
enum class IfDiverged { kRefuse, kReplace };

struct TransferOptions {
  IfDiverged if_diverged = IfDiverged::kRefuse;
  /// Of a pull: asked once it is known which dataset it is, before anything is brought.
  std::function<Status(const odf::DatasetId&)> may_take = {};
  std::function<void(const Transferred&)> on_progress = {};  ///< from any thread, one at a time
  const Clock& clock = SystemClock();  ///< of the home; garbage collection is kept away by it
};

struct Pulled {
  odf::DatasetId id = {};
  Multihash head = {};
  bool is_new = false;  ///< the dataset was not known here
  Transferred transferred = {};
  std::vector<std::string> warnings = {};  ///< rules that only we are strict about
};

/// Brings the dataset of a repository here, or what it has more of than we (Simple Transfer
/// Protocol, spec section 11.1). Objects come first, side by side, each hashed as it comes; then
/// the chain is judged block by block and slice by slice, and only what passed becomes part of our
/// chain. What was interrupted shows nothing, and goes on from the objects that had come.
///
/// `expected`: the dataset it has to be, where that is known. kNotFound when there is no dataset;
/// kCorrupt names what is damaged; kConflict when our chain has blocks that theirs has not. With
/// kReplace our chain is then given up for theirs; interrupted, the same pull finishes that.
Result<Pulled> Pull(const Context& context, ChainStore& chains, const Repository& from,
                    const std::optional<odf::DatasetId>& expected = {},
                    const TransferOptions& options = {});

struct PushOptions {
  TransferOptions transfer = {};
  std::string alias = {};  ///< for info/alias; empty: left out
};

/// Brings our chain to a repository: data and checkpoints, then blocks, then refs/head, and of them
/// only what it lacks. Each object is hashed as it goes. kConflict when the repository has blocks
/// that we have not (with kReplace they are given up), or holds another dataset (always).
Result<Transferred> Push(const Context& context, ChainStore& chains, const odf::DatasetId& id,
                         const Repository& to, const PushOptions& options = {});

}  // namespace weir::datasets
