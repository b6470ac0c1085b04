#include "pipelines/derive/delta_run.h"

#include <arrow/record_batch.h>
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "engine/sql_text.h"
#include "pipelines/derive/step_terms.h"

namespace weir::pipelines {
namespace {

using engine::DeltaStep;
using engine::DeltaWay;
using engine::Identifier;
using engine::NameOf;
using engine::Version;

class Running {
 public:
  Running(const Context& context, engine::Workbench& bench, StepStates* states)
      : context_(context), bench_(bench), states_(states) {}

  Status LookAt(const InputChange& change) {
    ASSIGN_OR_RETURN(const bool has_added,
                     Known(change.has_added, NameOf(change.name, Version::kAdded)));
    ASSIGN_OR_RETURN(const bool has_removed,
                     Known(change.has_removed, NameOf(change.name, Version::kRemoved)));
    if (has_added) full_.insert(NameOf(change.name, Version::kAdded));
    if (has_removed) full_.insert(NameOf(change.name, Version::kRemoved));
    if (has_added || has_removed) full_.insert(NameOf(change.name, Version::kChanged));
    return Ok();
  }

  Status Run(const DeltaStep& step) {
    RETURN_IF_ERROR(View(step.name, Version::kOld, step.sql_old));
    ASSIGN_OR_RETURN(const bool is_kept, IsKept(step));
    RETURN_IF_ERROR(MakeTables(step, is_kept));
    RETURN_IF_ERROR(LookAt({.name = step.name}));
    RETURN_IF_ERROR(Cancel(step.name));
    return View(
        step.name, Version::kChanged,
        fmt::format("SELECT * FROM {} UNION ALL SELECT * FROM {}",
                    Quoted(step.name, Version::kAdded), Quoted(step.name, Version::kRemoved)));
  }

  // Nothing is read from its versions but by whom it is made for, once.
  Result<ResultChange> RunLast(const DeltaStep& step) {
    if (!AnyChanged(step)) return ResultChange{};
    if (step.way == DeltaWay::kRecompute) {
      RETURN_IF_ERROR(View(step.name, Version::kOld, step.sql_old));
    }
    ASSIGN_OR_RETURN(const bool is_kept, IsKept(step));
    if (is_kept) {
      RETURN_IF_ERROR(View(step.name, Version::kAdded, step.states->rows_new));
      RETURN_IF_ERROR(View(step.name, Version::kRemoved, step.states->rows_old));
      return ResultChange{.has_added = true, .has_removed = true};
    }
    RETURN_IF_ERROR(MakeTables(step, false));
    RETURN_IF_ERROR(LookAt({.name = step.name}));
    return ResultChange{.has_added = full_.contains(NameOf(step.name, Version::kAdded)),
                        .has_removed = full_.contains(NameOf(step.name, Version::kRemoved))};
  }

 private:
  Result<bool> Known(std::optional<bool> known, const std::string& name) {
    if (known) return *known;
    return HasRows(context_, bench_, name);
  }

  static std::string Quoted(const std::string& relation, Version version) {
    return Identifier(NameOf(relation, version));
  }

  Status View(const std::string& relation, Version version, const std::string& sql) {
    return bench_.Execute(context_,
                          fmt::format("CREATE VIEW {} AS {}", Quoted(relation, version), sql));
  }

  Status MakeEmpty(const std::string& relation, Version version) {
    return bench_.Execute(context_,
                          fmt::format("CREATE TABLE {} AS SELECT * FROM {} WHERE false",
                                      Quoted(relation, version), Quoted(relation, Version::kNew)));
  }

  Status Insert(const std::string& relation, Version version, const std::string& sql) {
    return bench_.Execute(context_,
                          fmt::format("INSERT INTO {} {}", Quoted(relation, version), sql));
  }

  // Whether the table of states of its groups was made. Asked once of each step.
  Result<bool> IsKept(const DeltaStep& step) {
    const bool is_asked = states_ != nullptr && step.way == DeltaWay::kGroups && AnyTouched(step);
    return is_asked ? states_->Follow(step, full_) : Result<bool>(false);
  }

  bool AnyTouched(const DeltaStep& step) const {
    return std::ranges::any_of(
        step.terms, [&](const engine::DeltaTerm& term) { return full_.contains(term.reads); });
  }

  bool AnyChanged(const DeltaStep& step) const {
    for (const std::string& input : step.inputs) {
      if (full_.contains(NameOf(input, Version::kChanged))) return true;
    }
    return false;
  }

  Status MakeTables(const DeltaStep& step, bool is_kept) {
    RETURN_IF_ERROR(MakeEmpty(step.name, Version::kAdded));
    RETURN_IF_ERROR(MakeEmpty(step.name, Version::kRemoved));
    if (!AnyChanged(step)) return Ok();
    if (!is_kept) return Fill(step);
    RETURN_IF_ERROR(Insert(step.name, Version::kAdded, step.states->rows_new));
    return Insert(step.name, Version::kRemoved, step.states->rows_old);
  }

  Status Fill(const DeltaStep& step) {
    switch (step.way) {
      case DeltaWay::kRows:
        return FillRows(step);
      case DeltaWay::kGroups:
        return FillGroups(step);
      case DeltaWay::kRecompute:
        return FillAll(step);
    }
    return Ok();
  }

  Status FillRows(const DeltaStep& step) {
    for (const engine::DeltaTerm& term : step.terms) {
      if (!full_.contains(term.reads)) continue;
      const Version version = term.takes_away ? Version::kRemoved : Version::kAdded;
      RETURN_IF_ERROR(Insert(step.name, version, term.sql));
    }
    return Ok();
  }

  Status FillGroups(const DeltaStep& step) {
    if (!AnyTouched(step)) return Ok();
    RETURN_IF_ERROR(MakeTouched(context_, bench_, step, full_));
    RETURN_IF_ERROR(Insert(step.name, Version::kAdded, step.touched_new));
    return Insert(step.name, Version::kRemoved, step.touched_old);
  }

  Status FillAll(const DeltaStep& step) {
    const std::string rows_new = Quoted(step.name, Version::kNew);
    const std::string rows_old = Quoted(step.name, Version::kOld);
    RETURN_IF_ERROR(Insert(step.name, Version::kAdded, "SELECT * FROM " + rows_new));
    return Insert(step.name, Version::kRemoved, "SELECT * FROM " + rows_old);
  }

  // Rows that come and go stay as they are.
  Status Cancel(const std::string& relation) {
    const std::string added = NameOf(relation, Version::kAdded);
    const std::string removed = NameOf(relation, Version::kRemoved);
    if (!full_.contains(added) || !full_.contains(removed)) return Ok();
    const std::string both = Identifier(relation + " both");
    RETURN_IF_ERROR(bench_.Execute(
        context_,
        fmt::format("CREATE TABLE {0} AS SELECT * FROM {1} INTERSECT ALL SELECT * FROM {2}", both,
                    Identifier(added), Identifier(removed))));
    for (const std::string& name : {added, removed}) {
      const std::string rest = Identifier(name + " rest");
      RETURN_IF_ERROR(bench_.Execute(
          context_, fmt::format("CREATE TABLE {} AS SELECT * FROM {} EXCEPT ALL SELECT * FROM {}",
                                rest, Identifier(name), both)));
      RETURN_IF_ERROR(bench_.Execute(context_, fmt::format("DROP TABLE {}", Identifier(name))));
      RETURN_IF_ERROR(bench_.Execute(
          context_, fmt::format("ALTER TABLE {} RENAME TO {}", rest, Identifier(name))));
      full_.erase(name);
    }
    full_.erase(NameOf(relation, Version::kChanged));
    return LookAt({.name = relation});
  }

  const Context& context_;
  engine::Workbench& bench_;
  StepStates* const states_;
  std::set<std::string> full_;  // tables that have rows
};

}  // namespace

Result<bool> HasRows(const Context& context, engine::Workbench& bench, const std::string& name) {
  ASSIGN_OR_RETURN(const auto rows,
                   bench.Query(context, fmt::format("SELECT 1 FROM {} LIMIT 1", Identifier(name))));
  for (;;) {
    ASSIGN_OR_RETURN(const auto batch, rows->Next());
    if (!batch) return false;
    if (batch->num_rows() > 0) return true;
  }
}

Result<ResultChange> RunDelta(const Context& context, engine::Workbench& bench,
                              const engine::DeltaPlan& plan, const std::vector<InputChange>& inputs,
                              StepStates* states) {
  Running running(context, bench, states);
  for (const InputChange& input : inputs) RETURN_IF_ERROR(running.LookAt(input));
  for (const DeltaStep& step : plan.steps) {
    if (&step != &plan.steps.back()) RETURN_IF_ERROR(running.Run(step));
  }
  return running.RunLast(plan.steps.back());
}

}  // namespace weir::pipelines
