#include "pipelines/merge_input.h"

#include <arrow/array.h>
#include <arrow/record_batch.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "contracts/row_rule.h"
#include "engine/sql_text.h"
#include "odf/system_names.h"
#include "pipelines/bad_cell.h"
#include "pipelines/contracts/ask_checks.h"
#include "pipelines/contracts/judged_rows.h"
#include "pipelines/input_columns.h"
#include "pipelines/json_range.h"
#include "pipelines/merge_rows.h"
#include "pipelines/merged_rows.h"
#include "pipelines/preprocess.h"
#include "pipelines/read_sql.h"
#include "pipelines/reader_error.h"
#include "pipelines/text_encoding.h"
#include "slices/column_type.h"
#include "slices/declared_columns.h"

namespace weir::pipelines {
namespace {

using engine::RowStream;
using Declared = std::optional<std::vector<odf::DataField>>;

const std::vector<std::string>* PrimaryKey(const odf::MergeStrategy& strategy) {
  return std::visit(
      [](const auto& merge) -> const std::vector<std::string>* {
        if constexpr (requires { merge.primary_key; }) return &merge.primary_key;
        return nullptr;
      },
      strategy.value);
}

// Not those of the CSV reader, which say everything already.
bool IsOfACast(const Error& error) {
  const auto has = [&](const char* words) {
    return error.message.find(words) != std::string::npos;
  };
  return error.code == ErrorCode::kInvalid &&
         (has("Could not convert") || has("to cast") || has("timestamp field") ||
          has("JSON transform error")) &&
         !has("CSV Error on Line");
}

// One MergeInput.
class InputMerge {
 public:
  InputMerge(const Context& context, engine::Workbench& bench, const IngestRequest& request)
      : context_(context), bench_(bench), request_(request), names_(request.vocab) {}

  Result<std::unique_ptr<RowStream>> Run() {
    RETURN_IF_ERROR(bench_.Clear());
    ASSIGN_OR_RETURN(const Declared declared, slices::DeclaredColumns(request_.read));
    RETURN_IF_ERROR(MakeInputView(declared));
    ASSIGN_OR_RETURN(const std::string rows, Preprocess(context_, bench_, request_.preprocess));
    auto read = bench_.Describe("SELECT * FROM " + engine::Identifier(rows));
    if (!read) return Explained(read.error());
    ASSIGN_OR_RETURN(columns_, SortOutColumns(*read, declared, request_));
    RETURN_IF_ERROR(MakeRowsView(rows));
    ASSIGN_OR_RETURN(const MergeTask task, MakeTask());
    auto merged = MergeRows(context_, task, request_.merge);
    if (!merged) return Explained(merged.error());
    return Start(*merged, task);
  }

 private:
  Error Explained(const Error& error) const { return Explain(context_, bench_, search_, error); }

  // Whose cell could not be read is found by reading again: that costs only who has a bad one.
  static Error Explain(const Context& context, engine::Workbench& bench, const CellSearch& search,
                       const Error& error) {
    if (IsOfACast(error) && !search.declared.empty()) {
      if (auto found = FindBadCell(context, bench, search)) return *std::move(found);
    }
    return ExplainReaderError(error, search.input.path, search.input_name);
  }

  // Columns whose types are the reader's own to find are declared too, for exact numbers.
  Status FindOutColumns(const Declared& declared) {
    const auto* csv = std::get_if<odf::ReadStepCsv>(&request_.read.value);
    const bool is_text = csv != nullptr && !csv->infer_schema.value_or(false);
    const bool is_parquet = std::holds_alternative<odf::ReadStepParquet>(request_.read.value);
    if (declared) search_.declared = *declared;
    if (is_parquet ? !declared : declared || is_text) return Ok();
    ASSIGN_OR_RETURN(const std::string sql, ReadSql(request_.read, std::nullopt, search_.input));
    auto found = bench_.Describe(sql);
    if (!found) return Explained(found.error());
    if (is_parquet) {
      search_.input.found = *std::move(found);
      return Ok();
    }
    std::vector<odf::DataField> fields;
    for (const engine::Column& column : *found) {
      auto type = slices::TypeFromSql(column.name, column.type);
      if (!type) return Ok();  // it is for SortOutColumns to say what is wrong with it
      fields.push_back({.name = column.name, .type = {odf::DataTypeOption{*std::move(type)}}});
    }
    search_.declared = std::move(fields);
    return Ok();
  }

  // The view `input` over the file.
  Status MakeInputView(const Declared& declared) {
    search_.read = request_.read;
    search_.input_name = request_.input_name;
    search_.place = request_.place;
    ReadInput& input = search_.input;
    std::shared_ptr<const ReadableFile> file = request_.input;
    auto utf8 = AsUtf8(context_, file, EncodingOf(request_.read), request_.scratch);
    if (!utf8) return Named(utf8.error());
    file = *utf8;
    if (request_.keeps_microseconds) input.times = slices::TimeRule::kMicroseconds;
    if (const auto* csv = std::get_if<odf::ReadStepCsv>(&request_.read.value)) {
      if (!csv->escape) {
        ASSIGN_OR_RETURN(input.backslash_quotes, FindBackslashQuote(context_, *file));
      }
    }
    if (const auto* json = std::get_if<odf::ReadStepJson>(&request_.read.value)) {
      auto range = FindJsonRange(context_, file, json->sub_path.value_or(""));
      if (!range) return Named(range.error());
      file = *range;
    }
    ASSIGN_OR_RETURN(input.path, bench_.AddFile(file));
    RETURN_IF_ERROR(FindOutColumns(declared));
    const Declared columns = search_.declared.empty() ? Declared() : Declared(search_.declared);
    ASSIGN_OR_RETURN(const std::string sql, ReadSql(request_.read, columns, input));
    const Status made =
        bench_.Execute(context_, fmt::format("CREATE VIEW {} AS {}", kInputTable, sql));
    if (!made) return Explained(made.error());
    return Ok();
  }

  Error Named(Error error) const {
    error.message = fmt::format("{}: {}", request_.input_name, error.message);
    return error;
  }

  Status MakeRowsView(const std::string& rows) {
    std::string sql = fmt::format("CREATE VIEW new_rows AS SELECT {} AS op, {} AS et",
                                  columns_.op.value_or("0::INTEGER"), columns_.event_time.sql);
    for (std::size_t i = 0; i < columns_.data.size(); ++i) {
      sql += fmt::format(", {} AS c{}", columns_.data[i].sql, i);
    }
    return bench_.Execute(context_, sql + " FROM " + engine::Identifier(rows));
  }

  // The internal name of a column that a merge strategy names.
  Result<std::string> NameOf(const std::string& column) const {
    if (column == names_.event_time) return std::string("et");
    const auto found = std::ranges::find(columns_.data, column, &InputColumn::name);
    if (found == columns_.data.end()) {
      return Invalid("{}: the merge strategy names a column {}, which the input lacks",
                     request_.input_name, column);
    }
    return fmt::format("c{}", found - columns_.data.begin());
  }

  // Unless the bounds of every file say that it has appends alone.
  bool MayHaveRetractions() const {
    if (!request_.history) return false;
    const auto& columns = request_.history->columns;
    const auto op = std::ranges::find(columns, names_.op, &engine::Column::name) - columns.begin();
    const engine::Bound append = std::int64_t{0};
    return !std::ranges::all_of(request_.history->files, [&](const engine::ScanFile& file) {
      if (op >= std::ssize(file.bounds)) return false;
      const engine::ColumnBounds& bounds = file.bounds[static_cast<std::size_t>(op)];
      return bounds.min == append && bounds.max == append;
    });
  }

  Result<MergeTask> MakeTask() {
    MergeTask task{.bench = bench_,
                   .data_columns = columns_.data.size(),
                   .has_event_time = columns_.has_event_time,
                   .has_history = request_.history && !request_.history->files.empty(),
                   .may_have_retractions = MayHaveRetractions(),
                   .has_state = request_.state != nullptr,
                   .expects_order = request_.expects_order};
    if (const auto* keys = PrimaryKey(request_.merge)) {
      if (keys->empty()) return Invalid("the merge strategy has an empty primary key");
      for (const std::string& key : *keys) {
        ASSIGN_OR_RETURN(std::string name, NameOf(key));
        task.keys.push_back(std::move(name));
      }
    }
    RETURN_IF_ERROR(ChooseCompared(task));
    if (task.has_history) RETURN_IF_ERROR(AddEvents("old_rows", request_.history));
    if (task.has_state) RETURN_IF_ERROR(AddEvents("kept_rows", request_.state));
    task.has_history = task.has_history || task.has_state;
    task.gives_places =
        request_.contract != nullptr && !request_.preprocess && KeepsRows() && !Streams(task);
    return task;
  }

  // All but the key, or what a snapshot's compareColumns say.
  Status ChooseCompared(MergeTask& task) const {
    const auto* snapshot = std::get_if<odf::MergeStrategySnapshot>(&request_.merge.value);
    if (snapshot != nullptr && snapshot->compare_columns) {
      for (const std::string& column : *snapshot->compare_columns) {
        ASSIGN_OR_RETURN(std::string name, NameOf(column));
        task.compared.push_back(std::move(name));
      }
      return Ok();
    }
    const auto is_key = [&](const std::string& name) {
      return std::ranges::find(task.keys, name) != task.keys.end();
    };
    if (!is_key("et")) task.compared.push_back("et");
    for (std::size_t i = 0; i < columns_.data.size(); ++i) {
      if (std::string name = fmt::format("c{}", i); !is_key(name)) task.compared.push_back(name);
    }
    return Ok();
  }

  // The view `name` of events that are there, under the internal names.
  Status AddEvents(const std::string& name, std::shared_ptr<const engine::ScanSource> source) {
    const auto has = [&](const std::string& column) {
      return std::ranges::find(source->columns, column, &engine::Column::name) !=
             source->columns.end();
    };
    std::string sql =
        fmt::format("CREATE VIEW {} AS SELECT {} AS o, {} AS op, {} AS et", name,
                    has(names_.offset) ? engine::Identifier(names_.offset) : "0::BIGINT",
                    has(names_.op) ? engine::Identifier(names_.op) : "0::INTEGER",
                    engine::Identifier(names_.event_time));
    for (std::size_t i = 0; i < columns_.data.size(); ++i) {
      const InputColumn& column = columns_.data[i];
      // Slices from before a column was added to the schema do not have it.
      ASSIGN_OR_RETURN(const std::string type, slices::SqlOf(column.name, column.type));
      sql += has(column.name) ? fmt::format(", {} AS c{}", engine::Identifier(column.name), i)
                              : fmt::format(", CAST(NULL AS {}) AS c{}", type, i);
    }
    const std::string files = name + " files";
    RETURN_IF_ERROR(bench_.AddRelation(files, std::move(source)));
    return bench_.Execute(context_, sql + " FROM " + engine::Identifier(files));
  }

  // What stands in for event times that are null.
  std::string Fallback() const {
    const auto millis =
        std::chrono::floor<std::chrono::milliseconds>(request_.event_time).time_since_epoch();
    const std::string time = fmt::format("make_timestamptz({})", millis.count() * 1000);
    return std::holds_alternative<odf::DataTypeDate>(columns_.event_time.type.value)
               ? fmt::format("CAST(make_timestamp({}) AS DATE)", millis.count() * 1000)
               : time;
  }

  Result<std::unique_ptr<RowStream>> Start(const std::string& merged, const MergeTask& task) {
    MergedRowsOptions options;
    options.input_name = request_.input_name;
    options.checks_order = task.expects_order && task.has_event_time && IsInInputOrder(task);
    std::string data;
    options.columns = {{names_.op, false}, {names_.event_time, columns_.event_time.nullable}};
    for (std::size_t i = 0; i < columns_.data.size(); ++i) {
      data += fmt::format(", c{}", i);
      options.columns.push_back({columns_.data[i].name, columns_.data[i].nullable});
    }
    const std::string filled = fmt::format("SELECT op, coalesce(et, {}) AS et{}", Fallback(), data);
    const char* unfilled = options.checks_order ? ", et AS unfilled" : "";
    std::string sql = fmt::format("{}{} FROM ({})", filled, unfilled, merged);
    if (request_.contract != nullptr) {
      ASSIGN_OR_RETURN(const JudgingColumns judging, Judging(task));
      for (const std::string& name : judging.names) options.columns.push_back({name});
      sql = fmt::format("SELECT op, et{}{}{} FROM ({}{}{} FROM ({}))", data, judging.outer,
                        options.checks_order ? ", unfilled" : "", filled, unfilled, judging.inner,
                        merged);
    }
    options.explain = [context = context_, &bench = bench_, search = search_](const Error& error) {
      return Explain(context, bench, search, error);
    };
    auto rows = bench_.Query(context_, sql);
    if (!rows) return Explained(rows.error());
    return MergedRows(std::move(rows).value(), std::move(options));
  }

  // Which checks a row fails, and which row of the input it is: contracts/judged_rows.h. Few rows
  // fail, and only they are written as JSON.
  struct JudgingColumns {
    std::vector<std::string> names;
    std::string inner;  ///< of the rows
    std::string outer;  ///< of them and of `inner`
  };

  Result<JudgingColumns> Judging(const MergeTask& task) const {
    std::vector<contracts::ColumnAtHand> columns;
    ASSIGN_OR_RETURN(std::string time, slices::SqlOf(names_.event_time, columns_.event_time.type));
    columns.push_back({.name = names_.event_time, .sql = "et", .type = std::move(time)});
    for (std::size_t i = 0; i < columns_.data.size(); ++i) {
      const InputColumn& column = columns_.data[i];
      ASSIGN_OR_RETURN(std::string type, slices::SqlOf(column.name, column.type));
      columns.push_back(
          {.name = column.name, .sql = fmt::format("c{}", i), .type = std::move(type)});
    }
    ASSIGN_OR_RETURN(const std::string mask,
                     contracts::FailedMaskSql(*request_.contract, "op", columns));
    const bool counts = !request_.preprocess && Streams(task);
    JudgingColumns judging{
        .names = {counts ? kFailedInOrder : kFailed},
        .inner = fmt::format(", {} AS failed", mask.empty() ? "0::BIGINT" : mask),
        .outer = ", failed"};
    if (contracts::Quarantines(*request_.contract)) {
      judging.names.emplace_back(kRecord);
      judging.outer += fmt::format(", CASE WHEN failed <> 0 THEN {} END", RecordSql(columns));
    }
    if (task.gives_places) {
      judging.names.emplace_back(kPlace);
      judging.inner += ", place";
      judging.outer += ", place";
    }
    return judging;
  }

  // Whether the rows go by as they are read, and none waits for another.
  bool Streams(const MergeTask& task) const {
    return IsInInputOrder(task) && (task.expects_order || !task.has_event_time);
  }

  // Whether each row that comes out is one that came in.
  bool KeepsRows() const {
    return std::holds_alternative<odf::MergeStrategyAppend>(request_.merge.value) ||
           std::holds_alternative<odf::MergeStrategyLedger>(request_.merge.value);
  }

  bool IsInInputOrder(const MergeTask& task) const {
    return std::holds_alternative<odf::MergeStrategyAppend>(request_.merge.value) ||
           (std::holds_alternative<odf::MergeStrategyLedger>(request_.merge.value) &&
            !task.has_history);
  }

  const Context& context_;
  engine::Workbench& bench_;
  const IngestRequest& request_;
  odf::SystemNames names_;
  CellSearch search_;
  InputColumns columns_;
};

}  // namespace

Result<std::unique_ptr<RowStream>> MergeInput(const Context& context, engine::Workbench& bench,
                                              const IngestRequest& request) {
  return InputMerge(context, bench, request).Run();
}

Result<std::optional<std::uint64_t>> CountInput(const Context& context, engine::Workbench& bench,
                                                const IngestRequest& request) {
  const bool has_history = (request.history && !request.history->files.empty()) || request.state;
  const bool is_ledger = std::holds_alternative<odf::MergeStrategyLedger>(request.merge.value);
  const bool is_upsert =
      std::holds_alternative<odf::MergeStrategyUpsertStream>(request.merge.value);
  const bool is_snapshot = std::holds_alternative<odf::MergeStrategySnapshot>(request.merge.value);
  if (!is_upsert && !(has_history && (is_ledger || is_snapshot))) {
    return std::optional<std::uint64_t>();
  }
  // A snapshot is compared as it is read, and kept nowhere.
  ASSIGN_OR_RETURN(const auto rows,
                   bench.Query(context, fmt::format("SELECT count(*) FROM {}",
                                                    is_snapshot ? "new_rows" : "staged")));
  ASSIGN_OR_RETURN(const auto batch, rows->Next());
  if (!batch) return Internal("a count without a row");
  return std::optional(static_cast<std::uint64_t>(
      static_cast<const arrow::Int64Array&>(*batch->column(0)).Value(0)));
}

}  // namespace weir::pipelines
