#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "datasets/chain_store.h"
#include "datasets/found_chain.h"
#include "odf/dataset_id.h"

namespace weir::datasets {

/// How the repository of a dataset and our record of it were found to stand to one another.
struct Reconciled {
  enum class Outcome {
    kInStep,          ///< the same head, or it is only not published yet
    kPublishedAgain,  ///< refs/head was behind and was put again
    kAdopted,         ///< another tool had appended; its blocks are now ours too
    kStopped,         ///< two heads, neither an ancestor of the other: writes are stopped
    kMissing,         ///< there is no repository any more
  };
  Outcome outcome = Outcome::kInStep;
  std::uint64_t blocks = 0;                ///< adopted
  std::vector<std::string> warnings = {};  ///< what only we are strict about
  std::string reason = {};                 ///< of kStopped
};

/// Compares refs/head with the head we committed, and brings them together where one is an ancestor
/// of the other. What is adopted is checked first: every block by the rules of chains, every slice
/// whole. Where both went on, the dataset takes no more blocks until one of them is chosen.
Result<Reconciled> Reconcile(const Context& context, ChainStore& chains, const odf::DatasetId& id);

/// Forgets all we know of the dataset's chain and reads it again from its repository, after what is
/// pending was brought there. Also how a repository that was put in place becomes a dataset.
/// Interrupted, it is to be run again. kNotFound when the repository has no head.
Result<ChainRecord> RebuildIndex(const Context& context, ChainStore& chains,
                                 const odf::DatasetId& id);

/// Puts another chain of the same dataset, whole and with its objects in the repository already, in
/// place of the one there is. Nobody writes to the dataset meanwhile: what they append is lost.
/// Interrupted, it is to be called again; when there is no record any more, ForgetIndex clears what
/// is left, and the chain is adopted as one that has come. RebuildIndex finishes it too.
Result<ChainRecord> ReplaceChain(const Context& context, ChainStore& chains,
                                 const odf::DatasetId& id, const FoundChain& found);

/// Removes everything the control store knows of the blocks of a chain, its head first: what an
/// interruption leaves is seen by nobody.
Status ForgetIndex(const Context& context, control::Store& store, const odf::DatasetId& id);

/// Removes all that the home knows of a dataset but its resource's history. Its repository stays.
Status ForgetDataset(const Context& context, ChainStore& chains, const odf::DatasetId& id);

}  // namespace weir::datasets
