#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "engine/delta_plan.h"
#include "engine/workbench.h"
#include "pipelines/derive/working_states.h"

namespace weir::pipelines {

/// The groups of one update of a derivative, followed from what is kept of them. What is kept
/// changes once the update is committed. One thread at a time.
class StepStates {
 public:
  /// `working` is of the old blocks of the inputs. Groups of more than `most_bytes` are not kept.
  StepStates(const Context& context, engine::Workbench& bench, WorkingState& working,
             std::size_t most_bytes)
      : context_(context), bench_(bench), working_(working), most_bytes_(most_bytes) {}

  /// Makes the states of `step` from all its rows, and its version `new` from them.
  Status Build(const engine::DeltaStep& step);

  /// Makes the table of states of groups in which a row changed; `full` are the tables that have
  /// rows. False: nothing is kept of this step.
  Result<bool> Follow(const engine::DeltaStep& step, const std::set<std::string>& full);

  /// Keeps what was built and followed.
  Status Keep();

 private:
  struct Changed {
    std::string made_by;
    std::string kept;  ///< the query over the table of states, which is on the bench
  };

  Status Fill(const engine::DeltaStep& step);
  Result<std::shared_ptr<engine::KeptGroups>> Load(const std::string& kept,
                                                   std::shared_ptr<engine::KeptGroups> groups);
  Status MakeTable(const engine::DeltaStep& step, const std::string& sql);

  const Context& context_;
  engine::Workbench& bench_;
  WorkingState& working_;
  const std::size_t most_bytes_;
  std::vector<Changed> changed_;
};

}  // namespace weir::pipelines
