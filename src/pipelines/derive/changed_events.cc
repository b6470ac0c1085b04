#include "pipelines/derive/changed_events.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "engine/sql_text.h"
#include "odf/system_names.h"
#include "pipelines/derive/step_columns.h"
#include "pipelines/merged_rows.h"
#include "slices/column_type.h"

namespace weir::pipelines {
namespace {

using engine::Identifier;

// Zeros have no sign and NaN has one form, so that equal values are equal bits.
std::string Normalised(const std::string& sql, const odf::DataType& type) {
  const bool is_double = std::holds_alternative<odf::DataTypeFloat64>(type.value);
  const bool is_float = std::holds_alternative<odf::DataTypeFloat32>(type.value);
  if (!is_double && !is_float) return sql;
  return fmt::format("CAST(CASE WHEN isnan({0}) THEN 'NaN'::{1} ELSE {0} + 0 END AS {1})", sql,
                     is_double ? "DOUBLE" : "FLOAT");
}

class Events {
 public:
  Events(const Context& context, engine::Workbench& bench, const ChangedRows& change,
         const DerivedForm& form)
      : context_(context), bench_(bench), change_(change), form_(form) {}

  Result<ChangedEvents> Run() {
    RETURN_IF_ERROR(FindColumns());
    RETURN_IF_ERROR(MakeRows("fresh", change_.added, false, change_.has_added));
    if (!change_.removed.empty()) {
      RETURN_IF_ERROR(MakeRows("stale", change_.removed, change_.removed_is_stored, true));
    }
    return Start(change_.removed.empty() ? OnlyAdded() : Compared());
  }

 private:
  Status FindColumns() {
    ASSIGN_OR_RETURN(auto read, bench_.Describe("SELECT * FROM " + Identifier(change_.added)));
    for (engine::Column& column : read) {
      // Sums of whole numbers, for which no dataset has a type; what does not fit is an error.
      if (column.type != "HUGEINT") continue;
      wide_.push_back(column.name);
      column.type = "BIGINT";
    }
    IngestRequest request;
    request.vocab = form_.vocab;
    request.schema = form_.schema;
    request.keeps_microseconds = form_.keeps_microseconds;
    ASSIGN_OR_RETURN(StepColumns step, ColumnsOfStep(read, std::move(request), form_.may_grow));
    columns_ = std::move(step.columns);
    grown_ = std::move(step.grown);
    if (form_.schema && columns_.has_event_time != form_.has_own_event_time) {
      return Invalid("the query gives {} column {}, of which the dataset has {}",
                     columns_.has_event_time ? "a" : "no", columns_.event_time.name,
                     form_.has_own_event_time ? "one" : "none");
    }
    for (const std::string& key : change_.keys) {
      if (key == columns_.event_time.name) keys_.push_back("et");
      const auto found = std::ranges::find(columns_.data, key, &InputColumn::name);
      if (found != columns_.data.end()) {
        keys_.push_back(fmt::format("c{}", found - columns_.data.begin()));
      }
    }
    if (columns_.has_event_time) all_.push_back("et");
    for (std::size_t i = 0; i < columns_.data.size(); ++i) all_.push_back(fmt::format("c{}", i));
    return Ok();
  }

  // Rows under the internal names.
  Status MakeRows(const char* name, const std::string& from, bool is_stored, bool has_rows) {
    std::vector<std::string> items;
    if (columns_.has_event_time) items.push_back(columns_.event_time.sql + " AS et");
    for (std::size_t i = 0; i < columns_.data.size(); ++i) {
      const InputColumn& column = columns_.data[i];
      ASSIGN_OR_RETURN(const std::string value, is_stored ? Stored(column) : column.sql);
      items.push_back(fmt::format("{} AS c{}", Normalised(value, column.type), i));
    }
    std::string source = Identifier(from);
    if (!wide_.empty() && !is_stored) {
      std::vector<std::string> casts;
      for (const std::string& column : wide_) {
        casts.push_back(fmt::format("CAST({0} AS BIGINT) AS {0}", Identifier(column)));
      }
      source = fmt::format("(SELECT * REPLACE ({}) FROM {})", fmt::join(casts, ", "), source);
    }
    return bench_.Execute(
        context_, fmt::format("CREATE VIEW {} AS SELECT {} FROM {}{}", name, fmt::join(items, ", "),
                              source, has_rows ? "" : " WHERE false"));
  }

  // Rows that are there have no values for columns that come now.
  Result<std::string> Stored(const InputColumn& column) const {
    const bool is_new =
        std::ranges::find(grown_, column.name, &odf::DataField::name) != grown_.end();
    if (!is_new) return column.sql;
    ASSIGN_OR_RETURN(const std::string type, slices::SqlOf(column.name, column.type));
    return fmt::format("CAST(NULL AS {})", type);
  }

  std::string OnlyAdded() const {
    return fmt::format("SELECT 0::INTEGER AS op, {} FROM fresh ORDER BY {}", fmt::join(all_, ", "),
                       Order());
  }

  std::string Order() const {
    std::vector<std::string> order;
    for (const std::string& key : keys_) order.push_back(key + " ASC NULLS FIRST");
    order.emplace_back("op");
    for (const std::string& column : all_) {
      if (std::ranges::find(keys_, column) == keys_.end()) {
        order.push_back(column + " ASC NULLS FIRST");
      }
    }
    return fmt::format("{}", fmt::join(order, ", "));
  }

  // The rows of one view less those of another.
  std::string Less(const char* rows, const char* others) const {
    return fmt::format("SELECT {0} FROM {1} EXCEPT ALL SELECT {0} FROM {2}", fmt::join(all_, ", "),
                       rows, others);
  }

  std::string Compared() const {
    if (keys_.empty()) return ComparedAsRows();
    return change_.removed_is_stored ? ComparedByKeyAndNumber() : ComparedByKey();
  }

  std::string ComparedAsRows() const {
    return fmt::format(
        "SELECT op, {0} FROM (SELECT 0::INTEGER AS op, {0} FROM ({1}) UNION ALL "
        "SELECT 1, {0} FROM ({2})) ORDER BY {3}",
        fmt::join(all_, ", "), Less("fresh", "stale"), Less("stale", "fresh"), Order());
  }

  // On either side a key has one row.
  std::string ComparedByKey() const {
    std::vector<std::string> other = {"f.here IS NULL", "s.here IS NULL"};
    for (const std::string& column : all_) {
      const bool is_key = std::ranges::find(keys_, column) != keys_.end();
      if (!is_key) other.push_back(fmt::format("f.{0} IS DISTINCT FROM s.{0}", column));
    }
    return EventsOfPairs("SELECT *, 1 AS here FROM fresh", "SELECT *, 1 AS here FROM stale",
                         fmt::format("{} WHERE {}", SameKey(), fmt::join(other, " OR ")));
  }

  // Keys have a row each but after a change of the query, when the old ones may have had more.
  std::string ComparedByKeyAndNumber() const {
    const std::string of_key =
        fmt::format("*, row_number() OVER (PARTITION BY {} ORDER BY {}) AS n, 1 AS here",
                    fmt::join(keys_, ", "), OfKeyOrder());
    return EventsOfPairs(fmt::format("SELECT {} FROM ({})", of_key, Less("fresh", "stale")),
                         fmt::format("SELECT {} FROM ({})", of_key, Less("stale", "fresh")),
                         SameKey() + " AND f.n = s.n");
  }

  std::string SameKey() const {
    std::vector<std::string> same;
    for (const std::string& key : keys_) {
      same.push_back(fmt::format("f.{0} IS NOT DISTINCT FROM s.{0}", key));
    }
    return fmt::format("{}", fmt::join(same, " AND "));
  }

  // The events of rows that come, `f`, and rows that go, `s`, joined by `on`.
  std::string EventsOfPairs(const std::string& fresh, const std::string& stale,
                            const std::string& on) const {
    return fmt::format(
        "SELECT op, {0} FROM (WITH p AS MATERIALIZED (SELECT {1}, {2}, f.here AS f_here, s.here AS "
        "s_here FROM ({3}) f FULL OUTER JOIN ({4}) s ON {5}) "
        "SELECT CASE WHEN s_here IS NULL THEN 0 ELSE 3 END::INTEGER AS op, {6} FROM p WHERE f_here "
        "IS NOT NULL UNION ALL "
        "SELECT CASE WHEN f_here IS NULL THEN 1 ELSE 2 END, {7} FROM p WHERE s_here IS NOT NULL) "
        "ORDER BY {8}",
        fmt::join(all_, ", "), Prefixed("f", ".", " AS f_"), Prefixed("s", ".", " AS s_"), fresh,
        stale, on, Renamed("f_"), Renamed("s_"), Order());
  }

  std::string OfKeyOrder() const {
    std::vector<std::string> order;
    for (const std::string& column : all_) order.push_back(column + " ASC NULLS FIRST");
    return fmt::format("{}", fmt::join(order, ", "));
  }

  std::string Prefixed(const char* table, const char* dot, const char* as) const {
    std::vector<std::string> items;
    for (const std::string& column : all_) {
      items.push_back(fmt::format("{}{}{}{}{}", table, dot, column, as, column));
    }
    return fmt::format("{}", fmt::join(items, ", "));
  }

  std::string Renamed(const char* prefix) const {
    std::vector<std::string> items;
    for (const std::string& column : all_)
      items.push_back(fmt::format("{0}{1} AS {1}", prefix, column));
    return fmt::format("{}", fmt::join(items, ", "));
  }

  std::string EventTime() const {
    if (columns_.has_event_time) {
      return "CASE WHEN et IS NULL THEN error('a row of the query has no event time') ELSE et END";
    }
    const auto millis =
        std::chrono::floor<std::chrono::milliseconds>(form_.system_time).time_since_epoch();
    return fmt::format("make_timestamptz({})", millis.count() * 1000);
  }

  Result<ChangedEvents> Start(const std::string& events) {
    const odf::SystemNames names(form_.vocab);
    MergedRowsOptions options{.columns = {{names.op, false}, {names.event_time, true}},
                              .input_name = "the query",
                              .explain = [](const Error& error) { return error; }};
    std::string sql = fmt::format("SELECT op, {} AS et", EventTime());
    for (std::size_t i = 0; i < columns_.data.size(); ++i) {
      sql += fmt::format(", c{}", i);
      options.columns.push_back({columns_.data[i].name, true});
    }
    ASSIGN_OR_RETURN(auto rows, bench_.Query(context_, fmt::format("{} FROM ({})", sql, events)));
    ASSIGN_OR_RETURN(auto named, MergedRows(std::move(rows), std::move(options)));
    return ChangedEvents{
        .rows = std::move(named), .has_own_event_time = columns_.has_event_time, .grown = grown_};
  }

  const Context& context_;
  engine::Workbench& bench_;
  const ChangedRows& change_;
  const DerivedForm& form_;
  InputColumns columns_;
  std::vector<odf::DataField> grown_;
  std::vector<std::string> wide_;
  std::vector<std::string> keys_;  // internal names
  std::vector<std::string> all_;   // that are compared
};

}  // namespace

Result<ChangedEvents> EventsOfChange(const Context& context, engine::Workbench& bench,
                                     const ChangedRows& change, const DerivedForm& form) {
  return Events(context, bench, change, form).Run();
}

}  // namespace weir::pipelines
