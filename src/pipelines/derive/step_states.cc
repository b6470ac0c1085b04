#include "pipelines/derive/step_states.h"

#include <arrow/array/array_binary.h>
#include <arrow/record_batch.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "engine/sql_text.h"
#include "pipelines/derive/step_terms.h"

namespace weir::pipelines {
namespace {

using engine::DeltaStep;
using engine::DeltaTerm;
using engine::Identifier;
using engine::KeptGroups;
using engine::NameOf;
using engine::Version;

// How the groups are made, which what is kept is good for.
std::string MadeBy(const DeltaStep& step) {
  return step.states->of_all_new + "; " + step.states->of_changed;
}

std::string Named(const DeltaStep& step, Version version) {
  return Identifier(NameOf(step.name, version));
}

bool AnyGoes(const std::vector<DeltaTerm>& terms, const std::set<std::string>& full) {
  return std::ranges::any_of(
      terms, [&](const DeltaTerm& term) { return term.takes_away && full.contains(term.reads); });
}

Status PutAll(const arrow::RecordBatch& batch, KeptGroups& groups) {
  for (const auto& column : batch.columns()) {
    if (column->type_id() != arrow::Type::BINARY) return Internal("states of groups are no bytes");
  }
  const auto& keys = static_cast<const arrow::BinaryArray&>(*batch.column(0));
  const auto& states = static_cast<const arrow::BinaryArray&>(*batch.column(1));
  for (std::int64_t row = 0; row < batch.num_rows(); ++row) {
    if (states.IsNull(row)) {
      groups.Erase(keys.GetView(row));
    } else {
      groups.Put(keys.GetView(row), states.GetView(row));
    }
  }
  return Ok();
}

}  // namespace

Status StepStates::Build(const DeltaStep& step) {
  if (!step.states) return Ok();
  working_.groups.erase(MadeBy(step));
  RETURN_IF_ERROR(MakeTable(step, step.states->of_all_new));
  changed_.push_back({.made_by = MadeBy(step), .kept = step.states->kept});
  return bench_.Execute(context_, fmt::format("CREATE OR REPLACE VIEW {} AS {}",
                                              Named(step, Version::kNew), step.states->rows_new));
}

Result<bool> StepStates::Follow(const DeltaStep& step, const std::set<std::string>& full) {
  if (!step.states) return false;
  if (!working_.groups.contains(MadeBy(step))) RETURN_IF_ERROR(Fill(step));
  const auto groups = working_.groups[MadeBy(step)];
  if (!groups) return false;
  bench_.AddGroups(step.name, groups);
  if (!step.states->can_take_away && AnyGoes(step.states->rows, full)) {
    RETURN_IF_ERROR(MakeTouched(context_, bench_, step, full));
    RETURN_IF_ERROR(MakeTable(step, step.states->of_touched));
  } else {
    RETURN_IF_ERROR(bench_.Execute(
        context_, fmt::format("CREATE VIEW {} AS {}", Named(step, Version::kRows),
                              fmt::join(TextsOf(step.states->rows, full), " UNION ALL "))));
    RETURN_IF_ERROR(MakeTable(step, step.states->of_changed));
  }
  changed_.push_back({.made_by = MadeBy(step), .kept = step.states->kept});
  return true;
}

Status StepStates::Keep() {
  for (const Changed& changed : changed_) {
    auto groups = std::move(working_.groups[changed.made_by]);
    if (!groups) groups = std::make_shared<KeptGroups>();
    ASSIGN_OR_RETURN(working_.groups[changed.made_by], Load(changed.kept, std::move(groups)));
  }
  return Ok();
}

// From all rows that there were.
Status StepStates::Fill(const DeltaStep& step) {
  RETURN_IF_ERROR(MakeTable(step, step.states->of_all_old));
  ASSIGN_OR_RETURN(working_.groups[MadeBy(step)],
                   Load(step.states->kept, std::make_shared<KeptGroups>()));
  return bench_.Execute(context_, fmt::format("DROP TABLE {}", Named(step, Version::kStates)));
}

// Puts what the table of states says into `groups`; null when they become too large.
Result<std::shared_ptr<KeptGroups>> StepStates::Load(const std::string& kept,
                                                     std::shared_ptr<KeptGroups> groups) {
  ASSIGN_OR_RETURN(const auto rows, bench_.Query(context_, kept));
  for (;;) {
    ASSIGN_OR_RETURN(const auto batch, rows->Next());
    if (!batch) return groups;
    RETURN_IF_ERROR(PutAll(*batch, *groups));
    if (groups->bytes() > most_bytes_) return std::shared_ptr<KeptGroups>();
  }
}

Status StepStates::MakeTable(const DeltaStep& step, const std::string& sql) {
  return bench_.Execute(context_,
                        fmt::format("CREATE TABLE {} AS {}", Named(step, Version::kStates), sql));
}

}  // namespace weir::pipelines
