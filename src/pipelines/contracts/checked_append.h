#pragma once

#include <optional>

#include "base/clock.h"
#include "base/context.h"
#include "base/result.h"
#include "contracts/check.h"
#include "datasets/append.h"
#include "datasets/chain_store.h"
#include "datasets/check_results.h"

// The commit of rows that nobody sent in, a derivative's or a revert's: none of them goes to
// quarantine, and all of it or nothing is committed.

namespace weir::pipelines {

/// Appends the blocks of `request`, which may be none, and keeps what came of the checks with them.
/// kConflict, beside AppendBlocks' reasons, when another contract than `asked` is in force by now.
Result<datasets::ChainRecord> AppendChecked(const Context& context, datasets::ChainStore& chains,
                                            const datasets::AppendRequest& request,
                                            const datasets::KeptContract& asked,
                                            std::optional<datasets::CheckedCommit> commit);

/// For who looks at the dataset later: what its newest batch was refused for.
void NoteRefusal(const Context& context, datasets::ChainStore& chains, const odf::DatasetId& id,
                 const datasets::CheckedCommit& refused);

/// The same checks, of which those that would put rows aside refuse: there is no quarantine.
contracts::Contract WithoutQuarantine(contracts::Contract contract);

/// The same checks without those of a load: how many rows came, and how new they are.
contracts::Contract WithoutBatch(contracts::Contract contract);

}  // namespace weir::pipelines
