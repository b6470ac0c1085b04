#include "pipelines/derive/batch_step.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "engine/batch_plan.h"
#include "engine/sql_text.h"
#include "odf/system_names.h"
#include "pipelines/derive/step_columns.h"
#include "pipelines/merged_rows.h"

namespace weir::pipelines {
namespace {

using engine::Identifier;

// A name that no query can say.
std::string EventsOf(const InputAtStep& input) { return input.interval.alias + " events"; }

// The events of an input after the last step and before `end`. Slices may have been packed in
// another order.
std::string BatchSql(const InputAtStep& input, std::uint64_t end) {
  const std::string offset = Identifier(odf::SystemNames(input.interval.in_force.vocab).offset);
  const std::uint64_t first = input.event.prev_offset ? *input.event.prev_offset + 1 : 0;
  return fmt::format("SELECT * FROM {0} WHERE {1} >= {2} AND {1} < {3} ORDER BY {1}",
                     Identifier(EventsOf(input)), offset, first, end);
}

std::uint64_t EndOf(const InputAtStep& input) {
  return input.event.new_offset ? *input.event.new_offset + 1 : 0;
}

// The columns of the query's rows, as the dataset has them.
class BatchColumns {
 public:
  BatchColumns(const std::vector<engine::Column>& read, const DerivedForm& form)
      : read_(read), form_(form), names_(form.vocab) {}

  Result<StepColumns> Find() const {
    for (const std::string& kept : {names_.offset, names_.system_time}) {
      if (!Has(kept)) continue;
      return Invalid("the query gives a column {}, which the dataset keeps itself", kept)
          .WithHint(fmt::format("name the columns that it is to have, or SELECT * EXCLUDE ({}, {})",
                                Identifier(names_.offset), Identifier(names_.system_time)));
    }
    if (!Has(names_.event_time)) {
      return Invalid("the query gives no column {}, which with engine: datafusion it has to",
                     names_.event_time)
          .WithHint("select that of the input, or say which time or date it is: ... AS event_time");
    }
    if (form_.schema && !form_.has_own_event_time) {
      return Invalid("the event times of the dataset are those of its steps, and no data")
          .WithHint("engine: datafusion has event times of its own: begin again by weir reset");
    }
    IngestRequest request;
    request.vocab = form_.vocab;
    request.schema = form_.schema;
    request.keeps_microseconds = form_.keeps_microseconds;
    if (Has(names_.op)) request.merge.value = odf::MergeStrategyChangelogStream{};
    return ColumnsOfStep(read_, std::move(request), form_.may_grow);
  }

 private:
  bool Has(const std::string& name) const {
    return std::ranges::find(read_, name, &engine::Column::name) != read_.end();
  }

  const std::vector<engine::Column>& read_;
  const DerivedForm& form_;
  const odf::SystemNames names_;
};

}  // namespace

Status PutBatch(const Context& context, engine::Workbench& bench, const TransformAtWork& work,
                const std::vector<DerivedInput>& inputs) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const InputAtStep& input = work.inputs[i];
    RETURN_IF_ERROR(
        PutSource(context, bench, EventsOf(input), inputs[i].fresh, input.interval.hidden));
    RETURN_IF_ERROR(CutBatch(context, bench, input, EndOf(input)));
    names.push_back(input.interval.alias);
  }
  return engine::PlanBatch(context, bench, work.steps, names);
}

Status CutBatch(const Context& context, engine::Workbench& bench, const InputAtStep& input,
                std::uint64_t offset) {
  return bench.Execute(
      context, fmt::format("CREATE OR REPLACE VIEW {} AS {}", Identifier(input.interval.alias),
                           BatchSql(input, std::min(offset, EndOf(input)))));
}

Result<ChangedEvents> EventsOfBatch(const Context& context, engine::Workbench& bench,
                                    const DerivedForm& form) {
  const std::string rows = "SELECT * FROM " + Identifier(engine::kBatchResult);
  ASSIGN_OR_RETURN(const auto read, bench.Describe(rows));
  ASSIGN_OR_RETURN(StepColumns step, BatchColumns(read, form).Find());
  const InputColumns& columns = step.columns;
  const odf::SystemNames names(form.vocab);
  MergedRowsOptions options{.columns = {{names.op, false}, {names.event_time, true}},
                            .input_name = "the query",
                            .explain = [](const Error& error) { return error; }};
  std::string sql = fmt::format(
      "SELECT {} AS op, CASE WHEN {} IS NULL THEN error('a row of the query has no event time') "
      "ELSE {} END AS et",
      columns.op.value_or("0::INTEGER"), Identifier(names.event_time), columns.event_time.sql);
  for (std::size_t i = 0; i < columns.data.size(); ++i) {
    sql += fmt::format(", {} AS c{}", columns.data[i].sql, i);
    options.columns.push_back({columns.data[i].name, true});
  }
  ASSIGN_OR_RETURN(auto stream, bench.Query(context, fmt::format("{} FROM ({})", sql, rows)));
  ASSIGN_OR_RETURN(auto named, MergedRows(std::move(stream), std::move(options)));
  return ChangedEvents{
      .rows = std::move(named), .has_own_event_time = true, .grown = std::move(step.grown)};
}

}  // namespace weir::pipelines
