#include "pipelines/derive/step_rows.h"

#include <fmt/format.h>

#include <algorithm>

#include "datasets/history.h"
#include "datasets/state_rule.h"
#include "datasets/state_sql.h"
#include "engine/sql_text.h"
#include "odf/system_names.h"
#include "pipelines/derive/delta_run.h"
#include "pipelines/derive/derived_input.h"

namespace weir::pipelines {
namespace {

constexpr const char* kStored = "rows that are there";

// Where no query says the word, none reads them.
bool ReadsEvents(const TransformAtWork& work) {
  return std::ranges::any_of(work.steps, [](const engine::TransformStep& step) {
    return step.sql.find(kEventsSuffix) != std::string::npos;
  });
}

class StepRows {
 public:
  StepRows(const Context& context, const StepPlace& place, const TransformAtWork& work)
      : context_(context), place_(place), work_(work) {}

  // After a change of the query its rows are compared with those that are there; else both were
  // made by the same query, and only what changes is looked at.
  Result<ChangedRows> Change(bool is_delta) {
    std::vector<engine::DeltaInput> inputs;
    ASSIGN_OR_RETURN(const engine::DeltaPlan plan,
                     PlanStep(context_, place_, work_, is_delta, inputs));
    const std::string& result = plan.steps.back().name;
    ChangedRows change{.keys = plan.keys};
    if (is_delta) {
      ASSIGN_OR_RETURN(const ResultChange made,
                       RunDelta(context_, place_.bench, plan, place_.kept));
      change.added =
          engine::NameOf(result, made.has_added ? engine::Version::kAdded : engine::Version::kNew);
      change.has_added = made.has_added;
      if (made.has_removed) change.removed = engine::NameOf(result, engine::Version::kRemoved);
      return change;
    }
    if (place_.kept != nullptr) {
      for (const engine::DeltaStep& step : plan.steps) {
        RETURN_IF_ERROR(place_.kept->Build(step));
      }
    }
    change.added = engine::NameOf(result, engine::Version::kNew);
    ASSIGN_OR_RETURN(const bool has_rows, PutStored());
    if (has_rows) change.removed = kStored;
    change.removed_is_stored = has_rows;
    return change;
  }

 private:
  const odf::ChainState& state() const { return work_.record.chain; }

  // The rows of the derivative as they are; false: there are none.
  Result<bool> PutStored() {
    if (!state().has_data) return false;
    const datasets::ReadPoint point{.head = state().head.value(),
                                    .sequence_number = state().sequence_number,
                                    .vocab = state().vocab};
    ASSIGN_OR_RETURN(const auto history,
                     datasets::ReadHistory(context_, place_.chains, work_.id, point));
    if (!history || history->source->files.empty()) return false;
    constexpr const char* kFiles = "slices that are there";
    RETURN_IF_ERROR(place_.bench.AddRelation(kFiles, history->source));
    const odf::SystemNames names(state().vocab);
    const std::string sql =
        datasets::StateSql({.schema = history->schema,
                            .names = names,
                            .rule = {},
                            .has_own_event_time = datasets::HasOwnEventTime(state()),
                            .is_state = history->only_appends},
                           engine::Identifier(kFiles));
    RETURN_IF_ERROR(place_.bench.Execute(
        context_, fmt::format("CREATE VIEW {} AS {}", engine::Identifier(kStored), sql)));
    return true;
  }

  const Context& context_;
  const StepPlace& place_;
  const TransformAtWork& work_;
};

}  // namespace

Result<engine::DeltaPlan> PlanStep(const Context& context, const StepPlace& place,
                                   const TransformAtWork& work, bool with_changes,
                                   std::vector<engine::DeltaInput>& inputs) {
  RETURN_IF_ERROR(place.bench.Clear());
  for (const InputAtStep& input : work.inputs) {
    RETURN_IF_ERROR(PutInput(context, place.bench, place.chains, place.states, input.interval,
                             {.with_changes = with_changes, .with_events = ReadsEvents(work)},
                             inputs));
  }
  return engine::PlanDelta(context, place.bench, work.steps, inputs);
}

Result<ChangedEvents> RowsOfStep(const Context& context, const StepPlace& place,
                                 const TransformAtWork& work, bool follows, Timestamp system_time) {
  const odf::ChainState& chain = work.record.chain;
  ASSIGN_OR_RETURN(const ChangedRows change, StepRows(context, place, work).Change(follows));
  return EventsOfChange(context, place.bench, change,
                        {.vocab = chain.vocab,
                         .schema = chain.schema,
                         .has_own_event_time = datasets::HasOwnEventTime(chain),
                         .keeps_microseconds = work.keeps_microseconds,
                         .system_time = system_time});
}

}  // namespace weir::pipelines
