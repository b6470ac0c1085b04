#include "pipelines/revert/undone_rows.h"

#include <arrow/array.h>
#include <arrow/record_batch.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "datasets/history.h"
#include "datasets/state_sql.h"
#include "engine/sql_text.h"

namespace weir::pipelines {
namespace {

using engine::Identifier;
using Columns = std::vector<std::string>;

constexpr std::uint64_t kEnd = std::numeric_limits<std::uint64_t>::max();

// Relations and tables of the bench; the first four have the columns of the history.
constexpr const char* kAll = "all events";
constexpr const char* kUndone = "undone events";
constexpr const char* kBefore = "events before";
constexpr const char* kLater = "later events";
constexpr const char* kTouched = "touched";
constexpr const char* kComing = "coming rows";
constexpr const char* kGoing = "going rows";

// The longest name of a row in a message.
constexpr std::size_t kLongestName = 200;

std::string Listed(const Columns& columns) {
  Columns quoted;
  for (const std::string& column : columns) quoted.push_back(Identifier(column));
  return fmt::format("{}", fmt::join(quoted, ", "));
}

class Undoing {
 public:
  Undoing(const Context& context, engine::Workbench& bench, datasets::ChainStore& chains,
          const odf::DatasetId& id, const UndoTask& task)
      : context_(context),
        bench_(bench),
        chains_(chains),
        id_(id),
        task_(task),
        columns_(datasets::StateColumns(Table())) {}

  Result<ChangedRows> Run() {
    RETURN_IF_ERROR(CheckColumns());
    const bool is_only = task_.undo == Undo::kOnly;
    RETURN_IF_ERROR(AddEvents(kAll, 0, kEnd));
    RETURN_IF_ERROR(is_only ? AddEvents(kUndone, task_.block, task_.block + 1)
                            : AddEvents(kUndone, task_.block + 1, kEnd));
    RETURN_IF_ERROR(AddEvents(kBefore, 0, is_only ? task_.block : task_.block + 1));
    if (is_only) RETURN_IF_ERROR(AddEvents(kLater, task_.block + 1, kEnd));
    RETURN_IF_ERROR(task_.rule.key.empty() ? CompareRows() : CompareKeys());
    return ChangedRows{
        .added = kComing, .removed = kGoing, .keys = task_.rule.key, .removed_is_stored = true};
  }

 private:
  datasets::StateTable Table() const {
    return {.schema = task_.history.schema,
            .names = task_.names,
            .rule = task_.rule,
            .has_own_event_time = task_.has_own_event_time};
  }

  Status CheckColumns() const {
    for (const std::string& name : {task_.names.offset, task_.names.op}) {
      const auto& fields = task_.history.schema.fields;
      if (std::ranges::find(fields, name, &odf::DataField::name) != fields.end()) continue;
      return Invalid(
          "the schema of the dataset lacks the column {}, so its events cannot be undone", name);
    }
    for (const std::string& key : task_.rule.key) {
      if (std::ranges::find(columns_, key) != columns_.end()) continue;
      return Invalid("the key has a column {}, which the dataset has no values of its own for",
                     key);
    }
    return Ok();
  }

  // The slices of blocks from `first` up to before `end`. A relation without files cannot be read.
  Status AddEvents(const char* name, std::uint64_t first, std::uint64_t end) {
    const auto after = first == 0 ? std::nullopt : std::optional(first - 1);
    ASSIGN_OR_RETURN(const auto source, datasets::EventsBetween(context_, chains_, id_,
                                                                task_.history, after, end - 1));
    if (!source->files.empty()) return bench_.AddRelation(name, source);
    return Make("VIEW", name, fmt::format("SELECT * FROM {} WHERE false", Identifier(kAll)));
  }

  Status Make(const char* what, const char* name, const std::string& sql) {
    return bench_.Execute(context_, fmt::format("CREATE {} {} AS {}", what, Identifier(name), sql));
  }

  // The last event of a key decides, so only keys that have undone events can have other rows.
  Status CompareKeys() {
    const std::string keys = Listed(task_.rule.key);
    RETURN_IF_ERROR(Make("TABLE", kTouched,
                         fmt::format("SELECT DISTINCT {} FROM {}", keys, Identifier(kUndone))));
    if (task_.undo == Undo::kOnly) RETURN_IF_ERROR(CheckKeys());
    RETURN_IF_ERROR(Make("TABLE", kComing, StateOfTouched(kBefore)));
    return Make("TABLE", kGoing, StateOfTouched(kAll));
  }

  std::string Touched(const char* events) const {
    Columns same;
    for (const std::string& key : task_.rule.key) {
      same.push_back(fmt::format("e.{0} IS NOT DISTINCT FROM t.{0}", Identifier(key)));
    }
    return fmt::format("{} e SEMI JOIN {} t ON {}", Identifier(events), Identifier(kTouched),
                       fmt::join(same, " AND "));
  }

  std::string StateOfTouched(const char* events) const {
    return datasets::StateSql(Table(), fmt::format("(SELECT e.* FROM {})", Touched(events)));
  }

  Status CheckKeys() {
    Columns parts;
    for (const std::string& key : task_.rule.key) {
      parts.push_back(NamedValue(key, "e." + Identifier(key)));
    }
    ASSIGN_OR_RETURN(const auto found,
                     FirstPair(fmt::format("SELECT concat_ws(', ', {}), e.{}::VARCHAR FROM {} "
                                           "ORDER BY e.{} LIMIT 1",
                                           fmt::join(parts, ", "), Identifier(task_.names.offset),
                                           Touched(kLater), Identifier(task_.names.offset))));
    if (!found) return Ok();
    return StandsInTheWay("changed the row with", *found);
  }

  // Of a multiset: what the undone events added and took of each row in sum, as c0, c1, ..., and
  // how often it was added and taken at all.
  Status CompareRows() {
    const std::string sum = fmt::format("sum(CASE WHEN e.{} IN (1, 2) THEN -1 ELSE 1 END)::BIGINT",
                                        Identifier(task_.names.op));
    Columns numbered;
    Columns numbers;
    Columns same;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const std::string column = Identifier(columns_[i]);
      numbered.push_back(fmt::format("e.{} AS c{}", column, i));
      numbers.push_back(fmt::format("t.c{}", i));
      same.push_back(fmt::format("e.{} IS NOT DISTINCT FROM t.c{}", column, i));
    }
    same_ = fmt::format("{}", fmt::join(same, " AND "));
    RETURN_IF_ERROR(
        Make("TABLE", kTouched,
             fmt::format("SELECT * FROM (SELECT {}, {} AS change FROM {} e GROUP BY ALL) "
                         "WHERE change <> 0",
                         fmt::join(numbered, ", "), sum, Identifier(kUndone))));
    constexpr const char* kCounted = "counted rows";
    RETURN_IF_ERROR(Make(
        "TABLE", kCounted,
        fmt::format("SELECT {}, t.change, {} AS total FROM {} e JOIN {} t ON {} GROUP BY ALL",
                    fmt::join(numbers, ", "), sum, Identifier(kAll), Identifier(kTouched), same_)));
    if (task_.undo == Undo::kOnly) {
      RETURN_IF_ERROR(CheckRows(kCounted));
      RETURN_IF_ERROR(Repeated(kComing, kCounted, "-change"));
      return Repeated(kGoing, kCounted, "change");
    }
    // A row that was taken more often than added, as chains of others may have it, is no row.
    const char* const before = "greatest(total - change, 0)";
    RETURN_IF_ERROR(Repeated(
        kComing, kCounted,
        fmt::format("CASE WHEN {0} > greatest(total, 0) THEN {0} - total ELSE 0 END", before)));
    return Repeated(kGoing, kCounted, fmt::format("greatest(total, 0) - {}", before));
  }

  // Rows of the columns of the state, each `times` times.
  Status Repeated(const char* name, const char* counted, const std::string& times) {
    Columns named;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      named.push_back(fmt::format("c{} AS {}", i, Identifier(columns_[i])));
    }
    return Make("TABLE", name,
                fmt::format("SELECT {} FROM (SELECT *, unnest(range({})) FROM {})",
                            fmt::join(named, ", "), times, Identifier(counted)));
  }

  Status CheckRows(const char* counted) {
    Columns parts;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      parts.push_back(NamedValue(columns_[i], fmt::format("t.c{}", i)));
    }
    ASSIGN_OR_RETURN(
        const auto found,
        FirstPair(fmt::format("SELECT concat_ws(', ', {}), e.{}::VARCHAR FROM {} t JOIN {} e ON {} "
                              "AND e.{} IN (1, 2) WHERE t.change > 0 AND t.total < t.change "
                              "ORDER BY e.{} LIMIT 1",
                              fmt::join(parts, ", "), Identifier(task_.names.offset),
                              Identifier(counted), Identifier(kLater), same_,
                              Identifier(task_.names.op), Identifier(task_.names.offset))));
    if (!found) return Ok();
    return StandsInTheWay("took the row with", *found);
  }

  static std::string NamedValue(const std::string& column, const std::string& sql) {
    return fmt::format("{} || coalesce({}::VARCHAR, 'null')", engine::Literal(column + " = "), sql);
  }

  // The texts of the two columns of the first row.
  Result<std::optional<std::pair<std::string, std::string>>> FirstPair(const std::string& sql) {
    ASSIGN_OR_RETURN(const auto rows, bench_.Query(context_, sql));
    ASSIGN_OR_RETURN(const auto batch, rows->Next());
    if (!batch || batch->num_rows() == 0) {
      return std::optional<std::pair<std::string, std::string>>();
    }
    const auto text = [&](int column) {
      return static_cast<const arrow::StringArray&>(*batch->column(column)).GetString(0);
    };
    return std::optional(std::pair(text(0), text(1)));
  }

  Status StandsInTheWay(const char* what, const std::pair<std::string, std::string>& found) const {
    const auto& [row, offset] = found;
    ASSIGN_OR_RETURN(const auto slice, chains_.FindSlice(context_, id_, std::stoull(offset)));
    const bool is_long = row.size() > kLongestName;
    return Conflict("block {} cannot be undone alone: block {} {} {}{}", task_.block,
                    slice.sequence_number, what, row.substr(0, kLongestName), is_long ? "..." : "")
        .WithHint(fmt::format("undo block {} first, or all that came after block {}: --to {}",
                              slice.sequence_number, task_.block - 1, task_.block - 1));
  }

  const Context& context_;
  engine::Workbench& bench_;
  datasets::ChainStore& chains_;
  const odf::DatasetId& id_;
  const UndoTask& task_;
  const Columns columns_;  // of the state
  std::string same_;       // an event e has the row t
};

}  // namespace

Result<ChangedRows> UndoneRows(const Context& context, engine::Workbench& bench,
                               datasets::ChainStore& chains, const odf::DatasetId& id,
                               const UndoTask& task) {
  return Undoing(context, bench, chains, id, task).Run();
}

}  // namespace weir::pipelines
