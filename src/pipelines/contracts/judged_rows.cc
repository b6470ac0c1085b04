#include "pipelines/contracts/judged_rows.h"

#include <arrow/array.h>
#include <arrow/record_batch.h>
#include <arrow/scalar.h>
#include <arrow/type.h>
#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "base/check.h"
#include "contracts/row_rule.h"

namespace weir::pipelines {
namespace {

using Batch = std::shared_ptr<arrow::RecordBatch>;

// The operations of spec section 8.1 that matter here.
constexpr std::int32_t kCorrectFrom = 2;
constexpr std::int32_t kCorrectTo = 3;

std::string ValueOf(const arrow::RecordBatch& batch, const std::string& column, std::int64_t row) {
  const auto values = batch.GetColumnByName(column);
  if (!values) return "?";
  if (values->IsNull(row)) return "null";
  const auto value = values->GetScalar(row);
  return value.ok() ? Shortened((*value)->ToString()) : "?";
}

// Of rows that go on: runs of them, put together again.
Result<Batch> WithoutRows(const Batch& batch, const std::vector<bool>& drops) {
  arrow::RecordBatchVector runs;
  const std::int64_t rows = batch->num_rows();
  for (std::int64_t row = 0; row < rows;) {
    if (drops[static_cast<std::size_t>(row)]) {
      ++row;
      continue;
    }
    std::int64_t end = row;
    while (end < rows && !drops[static_cast<std::size_t>(end)]) ++end;
    runs.push_back(batch->Slice(row, end - row));
    row = end;
  }
  if (runs.empty()) return batch->Slice(0, 0);
  auto together = arrow::ConcatenateRecordBatches(runs);
  if (!together.ok()) return Exhausted("rows without some: {}", together.status().message());
  return *std::move(together);
}

}  // namespace

// One batch, its rows seen from `first` on.
class JudgedRows::Judging {
 public:
  Judging(JudgedRows& rows, const Batch& batch)
      : rows_(rows),
        options_(rows.options_),
        batch_(*batch),
        first_(rows.options_.tally.seen),
        failed_(Column<arrow::Int64Array>(rows.schema_->num_fields())),
        drops_(static_cast<std::size_t>(batch->num_rows())) {}

  // Whether any row is not to be given out.
  Result<bool> Run() {
    auto bad = options_.bad.lower_bound(first_);
    for (std::int64_t row = 0; row < batch_.num_rows(); ++row) {
      const auto bits = static_cast<std::uint64_t>(failed_.Value(row));
      const bool is_bad = bad != options_.bad.end() && bad->first == first_ + Unsigned(row);
      if (bits == 0 && !is_bad) continue;
      std::optional<SetAsideRow> aside;
      if (is_bad) aside = (bad++)->second;
      RETURN_IF_ERROR(JudgeRow(row, bits, std::move(aside)));
    }
    return any_dropped_;
  }

  const std::vector<bool>& drops() const { return drops_; }

 private:
  static std::uint64_t Unsigned(std::int64_t row) { return static_cast<std::uint64_t>(row); }

  // RecordBatch::column makes the array at its first call, and keeps it.
  template <typename Array>
  const Array& Column(int which) const {
    return static_cast<const Array&>(*batch_.column(which));
  }

  Status JudgeRow(std::int64_t row, std::uint64_t bits, std::optional<SetAsideRow> aside) {
    std::uint64_t warned = 0;
    for (std::uint64_t left = bits; left != 0; left &= left - 1) {
      const auto check = static_cast<std::size_t>(std::countr_zero(left));
      const contracts::Check& failed = options_.contract[check];
      if (failed.on_fail == contracts::OnFail::kWarn) {
        warned |= left & -left;
        continue;
      }
      Note(check, row);
      if (failed.on_fail == contracts::OnFail::kRefuse) {
        rows_.refuses_ = true;
        continue;
      }
      if (!aside)
        aside = SetAsideRow{.check = check,
                            .record = Column<arrow::StringArray>(rows_.record_).GetString(row)};
      aside->reason += (aside->reason.empty() ? "" : "; ") + contracts::Wrong(failed);
    }
    // Of a row that is not committed nobody need be warned.
    for (; !aside && warned != 0; warned &= warned - 1) {
      Note(static_cast<std::size_t>(std::countr_zero(warned)), row);
    }
    if (!aside) return Ok();
    aside->number = NumberOf(row);
    Drop(row);
    return options_.tally.set_aside.Add(*std::move(aside));
  }

  void Note(std::size_t check, std::int64_t row) {
    Finding& finding = options_.tally.findings[check];
    finding.failed = true;
    finding.rows = finding.rows.value_or(0) + 1;
    if (finding.examples.size() >= kMostExamples) return;
    const auto number = NumberOf(row);
    std::string example = number ? options_.place(*number) + ": " : "";
    for (const std::string& column : contracts::ColumnsOf(options_.contract[check].rule)) {
      if (!example.empty() && !example.ends_with(": ")) example += ", ";
      example += ValueOf(batch_, column, row);
    }
    finding.examples.push_back(std::move(example));
  }

  std::optional<std::uint64_t> NumberOf(std::int64_t row) const {
    if (options_.tally.is_in_input_order) return first_ + Unsigned(row) + 1;
    if (rows_.place_ < 0) return std::nullopt;
    const auto& places = Column<arrow::Int64Array>(rows_.place_);
    if (places.IsNull(row)) return std::nullopt;
    return static_cast<std::uint64_t>(places.Value(row));
  }

  // With the new side of a correction goes the old one, which is the nearest before it.
  void Drop(std::int64_t row) {
    drops_[Unsigned(row)] = true;
    any_dropped_ = true;
    const auto& ops = static_cast<const arrow::Int32Array&>(*batch_.GetColumnByName(options_.op));
    if (ops.Value(row) != kCorrectTo) return;
    for (std::int64_t before = row - 1; before >= 0 && ops.Value(before) >= kCorrectFrom;
         --before) {
      if (ops.Value(before) != kCorrectFrom || drops_[Unsigned(before)]) continue;
      drops_[Unsigned(before)] = true;
      return;
    }
  }

  JudgedRows& rows_;
  const JudgedRowsOptions& options_;
  const arrow::RecordBatch& batch_;
  const std::uint64_t first_;
  const arrow::Int64Array& failed_;
  std::vector<bool> drops_;
  bool any_dropped_ = false;
};

JudgedRows::JudgedRows(std::unique_ptr<engine::RowStream> rows, JudgedRowsOptions options)
    : rows_(std::move(rows)), options_(std::move(options)) {
  options_.tally = {};
  for (const contracts::Check& check : options_.contract) {
    const auto* unique = std::get_if<contracts::Unique>(&check.rule);
    if (unique != nullptr && unique->columns.size() == 1) {
      options_.tally.unique[options_.tally.findings.size()] = {};
    }
    options_.tally.findings.push_back({.asked = contracts::JudgesRows(check.rule)});
  }
  arrow::FieldVector fields = rows_->schema()->fields();
  const auto take = [&](const char* name) {
    if (fields.back()->name() != name) return -1;
    fields.pop_back();
    return static_cast<int>(fields.size());
  };
  place_ = take(kPlace);
  record_ = take(kRecord);
  options_.tally.is_in_input_order = take(kFailedInOrder) >= 0;
  if (!options_.tally.is_in_input_order) WEIR_CHECK(take(kFailed) >= 0);
  schema_ = arrow::schema(std::move(fields));
}

Result<Batch> JudgedRows::Next() {
  for (;;) {
    ASSIGN_OR_RETURN(const Batch batch, NextBatch());
    if (!batch && refuses_) {
      return RefusalOf(options_.contract, options_.tally.findings, options_.what);
    }
    if (!batch) return batch;
    ASSIGN_OR_RETURN(Batch judged, Judge(batch));
    if (!refuses_ && judged->num_rows() > 0) return judged;
  }
}

// A correction is never cut in two: its first half waits for the batch with the second.
Result<Batch> JudgedRows::NextBatch() {
  if (ended_) return Batch();
  ASSIGN_OR_RETURN(Batch batch, rows_->Next());
  ended_ = !batch;
  if (ended_) return std::exchange(held_, nullptr);
  if (held_) {
    auto together = arrow::ConcatenateRecordBatches({std::exchange(held_, nullptr), batch});
    if (!together.ok()) return Exhausted("rows together: {}", together.status().message());
    batch = *std::move(together);
  }
  const auto& ops = static_cast<const arrow::Int32Array&>(*batch->GetColumnByName(options_.op));
  std::int64_t end = batch->num_rows();
  while (end > 0 && ops.Value(end - 1) == kCorrectFrom) --end;
  if (end == batch->num_rows()) return batch;
  held_ = batch->Slice(end);
  return batch->Slice(0, end);
}

Result<Batch> JudgedRows::Judge(const Batch& batch) {
  RowTally& tally = options_.tally;
  Judging judging(*this, batch);
  ASSIGN_OR_RETURN(const bool any_dropped, judging.Run());
  Batch rows = batch;
  if (any_dropped) {
    for (std::size_t i = 0; i < judging.drops().size(); ++i) {
      if (judging.drops()[i]) tally.dropped.push_back(tally.seen + i);
    }
    ASSIGN_OR_RETURN(rows, WithoutRows(batch, judging.drops()));
  }
  tally.seen += static_cast<std::uint64_t>(batch->num_rows());
  WatchUnique(*rows);
  arrow::ArrayVector columns(rows->columns().begin(),
                             rows->columns().begin() + schema_->num_fields());
  return arrow::RecordBatch::Make(schema_, rows->num_rows(), std::move(columns));
}

// Rows that are taken away are nothing to be unique among.
void JudgedRows::WatchUnique(const arrow::RecordBatch& rows) {
  if (options_.tally.unique.empty() || refuses_) return;
  const auto& ops = static_cast<const arrow::Int32Array&>(*rows.GetColumnByName(options_.op));
  bool only_adds = true;
  for (std::int64_t row = 0; row < ops.length(); ++row)
    only_adds = only_adds && ops.Value(row) == 0;
  for (auto& [check, values] : options_.tally.unique) {
    const auto& rule = std::get<contracts::Unique>(options_.contract[check].rule);
    const auto column = rows.GetColumnByName(rule.columns[0]);
    if (only_adds && column) {
      values.Add(*column);
    } else {
      values.GiveUp();
    }
  }
}

std::vector<std::uint64_t> RowTally::PlacesOf(const std::vector<std::uint64_t>& given) const {
  std::vector<std::uint64_t> places;
  std::size_t before = 0;  // rows that were dropped before the one that is looked at
  for (const std::uint64_t row : given) {
    while (before < dropped.size() && dropped[before] <= row + before) ++before;
    places.push_back(row + before);
  }
  return places;
}

}  // namespace weir::pipelines
