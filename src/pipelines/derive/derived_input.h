#pragma once

#include <optional>
#include <string>

#include "base/context.h"
#include "base/result.h"
#include "datasets/chain_store.h"
#include "datasets/history.h"
#include "datasets/state_store.h"
#include "engine/delta_plan.h"
#include "engine/workbench.h"

namespace weir::pipelines {

/// An input of a transform between two of its blocks.
struct InputInterval {
  std::string alias = {};
  odf::DatasetId id = {};
  datasets::ReadPoint now = {};
  odf::ChainState in_force = {};  ///< at `now`
  std::optional<std::uint64_t> last_sequence =
      {};  ///< of the block consumed last; none: nothing yet
};

/// What the relation of an input's events is called, behind its alias.
inline constexpr const char* kEventsSuffix = "$events";

struct PutInputOptions {
  bool with_changes = false;  ///< all versions, and not only the new one
  bool with_events = true;
};

/// Makes the versions of an input on `bench`, as engine/delta_plan.h names them: of ALIAS, which is
/// its state, and of `ALIAS$events`, which is all its events with the system columns. What the
/// planner is told of both is added to `inputs`.
///
/// Both ends have the columns of the newer one.
Status PutInput(const Context& context, engine::Workbench& bench, datasets::ChainStore& chains,
                datasets::StateStore& states, const InputInterval& interval,
                const PutInputOptions& options, std::vector<engine::DeltaInput>& inputs);

}  // namespace weir::pipelines
