#include "pipelines/revert/testing/revert_home.h"

#include <arrow/array.h>
#include <arrow/record_batch.h>
#include <arrow/scalar.h>

#include <set>

#include "datasets/history.h"
#include "datasets/state_rule.h"
#include "datasets/state_sql.h"
#include "engine/sql_text.h"
#include "engine/workbench.h"
#include "odf/system_names.h"

namespace weir::pipelines {
namespace {

// Events of changes have no signs of zeros: the values are equal.
std::string ValueAt(const arrow::Array& column, std::int64_t line) {
  if (column.IsNull(line)) return "null";
  std::string text = column.GetScalar(line).ValueOrDie()->ToString();
  return text == "-0" ? "0" : text;
}

}  // namespace

RevertHome::RevertHome(std::string_view source)
    : home_(source),
      reverter_(home_.chains(), home_.files(), home_.clock(), {.scratch = scratch_.path()}) {}

Result<RevertReport> RevertHome::RevertTo(std::uint64_t block) {
  return Run({.dataset = IngestHome::id(), .block = block});
}

Result<RevertReport> RevertHome::RevertOnly(std::uint64_t block) {
  return Run({.dataset = IngestHome::id(), .block = block, .undo = Undo::kOnly});
}

Result<RevertReport> RevertHome::Run(const RevertRequest& request) {
  return reverter_.Run(home_.context(), request);
}

std::string RevertHome::State(std::optional<std::uint64_t> block) {
  const odf::ChainState chain = home_.record().chain;
  const auto row =
      home_.chains()
          .FindBlock(home_.context(), IngestHome::id(), block.value_or(chain.sequence_number))
          .value();
  const auto history =
      datasets::ReadHistory(
          home_.context(), home_.chains(), IngestHome::id(),
          {.head = row.hash, .sequence_number = row.sequence_number, .vocab = chain.vocab})
          .value();
  if (!history || history->source->files.empty()) return "";
  const auto bench = engine::OpenDuckDbWorkbench({}).value();
  bench->AddRelation("history", history->source).value();
  const odf::SystemNames names(chain.vocab);
  const datasets::StateRule rule = datasets::StateRuleOf(chain);
  const std::string sql =
      datasets::StateSql({.schema = history->schema,
                          .names = names,
                          .rule = rule,
                          .has_own_event_time = datasets::HasOwnEventTime(chain)},
                         "history");
  const auto rows = bench->Query(home_.context(), sql).value();
  std::multiset<std::string> lines;
  while (const auto batch = rows->Next().value()) {
    for (std::int64_t line = 0; line < batch->num_rows(); ++line) {
      std::string text;
      for (const auto& column : batch->columns()) text += ValueAt(*column, line) + ' ';
      text.back() = '\n';
      lines.insert(std::move(text));
    }
  }
  std::string all;
  for (const std::string& line : lines) all += line;
  return all;
}

}  // namespace weir::pipelines
