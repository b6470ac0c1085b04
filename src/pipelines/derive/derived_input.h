#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "datasets/chain_store.h"
#include "datasets/history.h"
#include "datasets/state_store.h"
#include "engine/delta_plan.h"
#include "engine/scan_source.h"
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
  /// Columns that came after the transform was set, which does not see them (shown_columns.h).
  std::vector<std::string> hidden = {};
};

/// What the relation of an input's events is called, behind its alias.
inline constexpr const char* kEventsSuffix = "$events";

/// What is read of an input.
struct DerivedInput {
  const InputInterval* interval = nullptr;
  std::shared_ptr<const datasets::History> history = {};  ///< up to the new block
  std::shared_ptr<const engine::ScanSource> now = {};     ///< from which the state is read
  bool now_is_state = false;                              ///< its rows are the state as they are
  std::shared_ptr<const engine::ScanSource> old = {};     ///< up to the old block
  std::shared_ptr<const engine::ScanSource> fresh = {};   ///< what came in between
};

/// Looks up the events of an input, and nothing of its state. `interval` is kept by reference.
Result<DerivedInput> FindEvents(const Context& context, datasets::ChainStore& chains,
                                const InputInterval& interval);

/// The same with what its state is read from.
Result<DerivedInput> FindInput(const Context& context, datasets::ChainStore& chains,
                               datasets::StateStore& states, const InputInterval& interval);

/// Makes a relation of `source`, which may have no files, without the columns `hidden`.
Status PutSource(const Context& context, engine::Workbench& bench, const std::string& name,
                 std::shared_ptr<const engine::ScanSource> source,
                 const std::vector<std::string>& hidden);

/// All that the relations of an input depend on but its rows: while it is the same, so is what was
/// planned over them.
std::string ShapeOf(const DerivedInput& input);

/// Puts the relations of an input on `bench`, as engine/delta_plan.h names them: of ALIAS, which is
/// its state, and, `with_events`, of `ALIAS$events`, which is all its events with the system
/// columns: all versions but those that PutChange makes. What the planner is told of both is added
/// to `inputs`. Where relations of the same shape are there already, only their sources change.
///
/// Both ends have the columns of the newer one.
Status PutInput(const Context& context, engine::Workbench& bench, const DerivedInput& input,
                bool with_events, std::vector<engine::DeltaInput>& inputs);
Status PutSources(engine::Workbench& bench, const DerivedInput& input);

/// The query for the state of an input over `events`, a relation of its first events, however many.
std::string StateOfEvents(const DerivedInput& input, const std::string& events);

/// Makes what changed in the input's state, within a step of the bench. True or false where it is
/// known whether rows came or went.
struct InputChange {
  std::string name = {};
  std::optional<bool> has_added = {};
  std::optional<bool> has_removed = {};
};
Result<InputChange> PutChange(const Context& context, engine::Workbench& bench,
                              const DerivedInput& input);

}  // namespace weir::pipelines
