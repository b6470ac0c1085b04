#include "pipelines/derive/step_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>
#include <set>

#include "datasets/history.h"
#include "datasets/state_rule.h"
#include "datasets/state_sql.h"
#include "engine/sql_text.h"
#include "odf/system_names.h"
#include "pipelines/derive/batch_step.h"
#include "pipelines/derive/delta_run.h"

namespace weir::pipelines {
namespace {

constexpr const char* kStored = "rows that are there";

// Where no query says the word, in letters of any case, none reads them.
bool ReadsEvents(const TransformAtWork& work) {
  return std::ranges::any_of(work.steps, [](const engine::TransformStep& step) {
    return boost::algorithm::icontains(step.sql, kEventsSuffix);
  });
}

class StepRows {
 public:
  StepRows(const Context& context, const StepPlace& place, const TransformAtWork& work,
           const PlannedStep& planned)
      : context_(context), place_(place), work_(work), planned_(planned) {}

  // After a change of the query its rows are compared with those that are there; else both were
  // made by the same query, and only what changes is looked at.
  Result<ChangedRows> Change(bool is_delta) {
    const engine::DeltaPlan& plan = *planned_.plan;
    const std::string& result = plan.steps.back().name;
    ChangedRows change{.keys = plan.keys};
    if (is_delta) {
      ASSIGN_OR_RETURN(const auto changes, PutChanges());
      ASSIGN_OR_RETURN(const ResultChange made,
                       RunDelta(context_, place_.bench, plan, changes, place_.kept));
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

  // Of what the steps of the plan read.
  Result<std::vector<InputChange>> PutChanges() {
    std::set<std::string> read;
    for (const engine::DeltaStep& step : planned_.plan->steps) {
      read.insert(step.inputs.begin(), step.inputs.end());
    }
    std::vector<InputChange> changes;
    for (const DerivedInput& input : planned_.inputs) {
      const std::string& alias = input.interval->alias;
      if (read.contains(alias)) {
        ASSIGN_OR_RETURN(InputChange change, PutChange(context_, place_.bench, input));
        changes.push_back(std::move(change));
      }
      if (!read.contains(alias + kEventsSuffix)) continue;
      changes.push_back({.name = alias + kEventsSuffix,
                         .has_added = !input.fresh->files.empty(),
                         .has_removed = false});
    }
    return changes;
  }

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
  const PlannedStep& planned_;
};

}  // namespace

Result<std::vector<DerivedInput>> FindInputs(const Context& context, datasets::ChainStore& chains,
                                             datasets::StateStore& states,
                                             const TransformAtWork& work) {
  std::vector<DerivedInput> inputs;
  for (const InputAtStep& input : work.inputs) {
    auto looked = work.is_by_batch() ? FindEvents(context, chains, input.interval)
                                     : FindInput(context, chains, states, input.interval);
    ASSIGN_OR_RETURN(DerivedInput found, std::move(looked));
    inputs.push_back(std::move(found));
  }
  return inputs;
}

std::string NameOfPlan(const TransformAtWork& work, const std::vector<DerivedInput>& inputs) {
  std::string name;
  for (const engine::TransformStep& step : work.steps) {
    name += fmt::format("{}:{} {}:{} ", step.alias.size(), step.alias, step.sql.size(), step.sql);
  }
  for (const DerivedInput& input : inputs) name += ShapeOf(input);
  return name;
}

Result<engine::DeltaPlan> PlanOn(const Context& context, engine::Workbench& bench,
                                 const TransformAtWork& work,
                                 const std::vector<DerivedInput>& inputs) {
  std::vector<engine::DeltaInput> relations;
  for (const DerivedInput& input : inputs) {
    RETURN_IF_ERROR(PutInput(context, bench, input, ReadsEvents(work), relations));
  }
  return engine::PlanDelta(context, bench, work.steps, relations);
}

Result<PlannedStep> PlanStep(const Context& context, engine::Workbench& bench,
                             const TransformAtWork& work, std::vector<DerivedInput> inputs,
                             std::shared_ptr<const engine::DeltaPlan> known) {
  PlannedStep planned{.inputs = std::move(inputs), .plan = std::move(known)};
  if (work.is_by_batch()) {
    RETURN_IF_ERROR(PutBatch(context, bench, work, planned.inputs));
  } else if (planned.plan) {
    for (const DerivedInput& input : planned.inputs) RETURN_IF_ERROR(PutSources(bench, input));
  } else {
    ASSIGN_OR_RETURN(engine::DeltaPlan plan, PlanOn(context, bench, work, planned.inputs));
    planned.plan = std::make_shared<const engine::DeltaPlan>(std::move(plan));
  }
  RETURN_IF_ERROR(bench.BeginStep());
  return planned;
}

Result<ChangedEvents> RowsOfStep(const Context& context, const StepPlace& place,
                                 const TransformAtWork& work, const PlannedStep& planned,
                                 bool follows, Timestamp system_time) {
  const odf::ChainState& chain = work.record.chain;
  const DerivedForm form{.vocab = chain.vocab,
                         .schema = chain.schema,
                         .has_own_event_time = datasets::HasOwnEventTime(chain),
                         .keeps_microseconds = work.keeps_microseconds,
                         .may_grow = work.is_changed_query,
                         .system_time = system_time};
  if (work.is_by_batch()) return EventsOfBatch(context, place.bench, form);
  ASSIGN_OR_RETURN(const ChangedRows change,
                   StepRows(context, place, work, planned).Change(follows));
  return EventsOfChange(context, place.bench, change, form);
}

}  // namespace weir::pipelines
