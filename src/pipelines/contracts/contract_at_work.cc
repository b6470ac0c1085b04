#include "pipelines/contracts/contract_at_work.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "contracts/row_rule.h"
#include "odf/arrow_schema.h"
#include "odf/system_names.h"
#include "pipelines/contracts/ask_checks.h"
#include "slices/column_type.h"

namespace weir::pipelines {
namespace {

// Putting rows aside can leave others bad (a correction that is not made frees no key), but each
// round takes rows away, and hardly ever are there more than two.
constexpr int kMostRounds = 10;

constexpr const char* kSlice = "weir slice";
constexpr const char* kBefore = "weir state";

Result<std::shared_ptr<const engine::ScanSource>> SourceOf(const StagedRows& rows) {
  auto source = std::make_shared<engine::ScanSource>();
  ASSIGN_OR_RETURN(const odf::DataSchema schema, odf::DataSchemaOf(*rows.slice.schema));
  for (const odf::DataField& field : schema.fields) {
    ASSIGN_OR_RETURN(std::string type, slices::SqlOf(field.name, field.type));
    source->columns.push_back({field.name, std::move(type)});
  }
  const auto file = rows.file;
  source->files.push_back(
      {.open = [file]() -> Result<std::shared_ptr<const ReadableFile>> { return file; },
       .size = file->size(),
       .rows = rows.slice.facts.rows});
  return std::shared_ptr<const engine::ScanSource>(std::move(source));
}

}  // namespace

bool ContractAtWork::needs_batch_rows() const {
  return std::ranges::any_of(subject_.contract, [](const contracts::Check& check) {
    const auto* count = std::get_if<contracts::RowCount>(&check.rule);
    return count != nullptr && count->of == contracts::RowCount::Of::kBatch;
  });
}

std::unique_ptr<engine::RowStream> ContractAtWork::Judge(std::unique_ptr<engine::RowStream> rows) {
  return std::make_unique<JudgedRows>(std::move(rows),
                                      JudgedRowsOptions{.contract = subject_.contract,
                                                        .bad = bad_,
                                                        .tally = tally_,
                                                        .op = odf::SystemNames(subject_.vocab).op,
                                                        .what = What(),
                                                        .place = subject_.place});
}

Result<bool> ContractAtWork::Ask(const Context& context, engine::Workbench& bench,
                                 const StagedRows* rows, std::optional<std::uint64_t> batch_rows) {
  const std::size_t bad = bad_.size();
  if (rows == nullptr) {
    asked_ = AskAboutNothing(batch_rows);
  } else {
    ASSIGN_OR_RETURN(asked_, AskAbout(context, bench, *rows, batch_rows));
  }
  if (bad_.size() > bad) {
    // The others are asked again of what is left.
    for (std::size_t i = 0; i < asked_.size(); ++i) {
      if (subject_.contract[i].on_fail != contracts::OnFail::kQuarantine) asked_[i] = {};
    }
    AddFindings(set_aside_findings_, std::exchange(asked_, {}));
    if (++rounds_ < kMostRounds) return true;
    return Invalid("{}: after {} rounds rows still fail for those that were put aside", What(),
                   kMostRounds);
  }
  if (!refused()) return false;
  Error refusal = RefusalOf(subject_.contract, AllFindings(), What());
  if (!subject_.judges_rows) {
    refusal.hint = "nothing was committed; correct what it comes from, or say onFail: warn";
  }
  return refusal;
}

Result<Findings> ContractAtWork::AskAbout(const Context& context, engine::Workbench& bench,
                                          const StagedRows& rows,
                                          std::optional<std::uint64_t> batch_rows) {
  RETURN_IF_ERROR(bench.Clear());
  ASSIGN_OR_RETURN(auto source, SourceOf(rows));
  RETURN_IF_ERROR(bench.AddRelation(kSlice, std::move(source)));
  const odf::SystemNames names(subject_.vocab);
  const std::uint64_t first = rows.slice.slice.offset_interval.start;
  AskRequest request{.bench = bench,
                     .contract = subject_.contract,
                     .events = kSlice,
                     .op = names.op,
                     .event_time = names.event_time,
                     .number = names.offset,
                     .ignored = {names.system_time},
                     .key = subject_.key,
                     .rows_are_judged = subject_.judges_rows,
                     .batch_rows = batch_rows,
                     .now = subject_.now,
                     .newest_event = subject_.watermark,
                     .tables = subject_.tables,
                     .workspace = subject_.workspace,
                     .dataset = subject_.dataset};
  if (subject_.has_own_event_time) {
    request.newest_event = std::max(request.newest_event, rows.slice.facts.max_event_time);
  }
  for (auto& [check, values] : tally_.unique) {
    if (values.AreDistinct()) request.distinct.push_back(check);
  }
  request.place = [this, first](std::uint64_t number) {
    if (!tally_.is_in_input_order || !subject_.place) return std::string();
    return subject_.place(tally_.PlacesOf({number - first}).front() + 1);
  };
  if (subject_.has_state && subject_.tables != nullptr) {
    ASSIGN_OR_RETURN(const auto state, subject_.tables->Resolve(
                                           {subject_.workspace, subject_.dataset}, std::nullopt));
    if (!state) return NotFound("there is no dataset {}", subject_.dataset);
    RETURN_IF_ERROR(AddTable(context, bench, kBefore, *state));
    request.state_before = kBefore;
  }
  ASSIGN_OR_RETURN(Asked asked, AskChecks(context, request));
  std::vector<std::uint64_t> given;
  for (const FailedEvent& event : asked.failed) given.push_back(event.number - first);
  const auto places = tally_.PlacesOf(given);
  for (std::size_t i = 0; i < places.size(); ++i) {
    FailedEvent& event = asked.failed[i];
    bad_.emplace(places[i], SetAsideRow{.check = event.check,
                                        .reason = contracts::Wrong(subject_.contract[event.check]),
                                        .record = std::move(event.record)});
  }
  return std::move(asked.findings);
}

// Where no row comes, only how many do can be wrong.
Findings ContractAtWork::AskAboutNothing(std::optional<std::uint64_t> batch_rows) const {
  Findings findings(subject_.contract.size());
  for (std::size_t i = 0; i < findings.size(); ++i) {
    const auto* count = std::get_if<contracts::RowCount>(&subject_.contract[i].rule);
    findings[i].asked = contracts::FailsRows(subject_.contract[i].rule);
    if (count == nullptr || count->of != contracts::RowCount::Of::kBatch || !batch_rows) continue;
    findings[i].asked = true;
    const bool too_few = count->min && *batch_rows < *count->min;
    const bool too_many = count->max && *batch_rows > *count->max;
    if (!too_few && !too_many) continue;
    findings[i].failed = true;
    findings[i].message =
        fmt::format("the batch has {}, {} than {}", RowsInWords(*batch_rows),
                    too_few ? "fewer" : "more", too_few ? *count->min : *count->max);
  }
  return findings;
}

std::string ContractAtWork::What() const {
  return fmt::format("{} refuses {}", subject_.dataset, subject_.input_name);
}

Findings ContractAtWork::AllFindings() const {
  Findings all = tally_.findings;
  AddFindings(all, set_aside_findings_);
  AddFindings(all, asked_);
  return all;
}

bool ContractAtWork::refused() const { return Refuses(subject_.contract, AllFindings()); }

std::vector<datasets::CheckResult> ContractAtWork::Results() const {
  return ResultsOf(subject_.contract, AllFindings());
}

std::vector<std::string> ContractAtWork::Warnings() const {
  std::vector<std::string> warnings;
  for (const datasets::CheckResult& result : Results()) {
    if (result.status != datasets::CheckStatus::kWarned) continue;
    warnings.push_back(fmt::format("check {}: {}", result.check, result.message));
  }
  return warnings;
}

}  // namespace weir::pipelines
