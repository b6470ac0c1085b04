#include "pipelines/merge_rows.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <variant>

#include "pipelines/changed_rows.h"
#include "pipelines/event_columns.h"

namespace weir::pipelines {
namespace {

class Merge {
 public:
  Merge(const Context& context, const MergeTask& task) : context_(context), task_(task) {}

  // Without event times all of them are null, and the input's order is the order.
  Result<std::string> operator()(const odf::MergeStrategyAppend&) {
    if (task_.expects_order || !task_.has_event_time) {
      return fmt::format("SELECT 0::INTEGER AS op, {} FROM new_rows", EventColumns(task_));
    }
    RETURN_IF_ERROR(Stage());
    return InOrder("staged");
  }

  Result<std::string> operator()(const odf::MergeStrategyLedger&) {
    if (!task_.has_history) return (*this)(odf::MergeStrategyAppend{});
    RETURN_IF_ERROR(Stage());
    ASSIGN_OR_RETURN(const std::string known, KnownToLedger());
    return InOrder(fmt::format("(SELECT n.*, n.rowid FROM staged n ANTI JOIN {} h ON {})", known,
                               KeysEqual(task_, "n", "h")));
  }

  Result<std::string> operator()(const odf::MergeStrategySnapshot&) {
    if (!task_.has_history) {
      return fmt::format("SELECT 0::INTEGER AS op, {0} FROM new_rows ORDER BY {1}, {2}",
                         EventColumns(task_), KeyOrder(task_), RemainingOrder(task_));
    }
    RETURN_IF_ERROR(DiffWithSnapshot(context_, task_));
    return EventsOfDiff(task_);
  }

  Result<std::string> operator()(const odf::MergeStrategyChangelogStream&) {
    RETURN_IF_ERROR(Stage());
    return fmt::format("SELECT op, {} FROM staged ORDER BY {}, op, rowid", EventColumns(task_),
                       KeyOrder(task_));
  }

  Result<std::string> operator()(const odf::MergeStrategyUpsertStream&) {
    RETURN_IF_ERROR(Stage());
    RETURN_IF_ERROR(task_.bench.Execute(
        context_, fmt::format("CREATE TABLE batch AS SELECT * FROM staged QUALIFY "
                              "row_number() OVER (PARTITION BY {} ORDER BY rowid DESC) = 1",
                              fmt::join(task_.keys, ", "))));
    if (!task_.has_history) {
      return fmt::format("SELECT op, {} FROM batch WHERE op = 0 ORDER BY {}", EventColumns(task_),
                         KeyOrder(task_));
    }
    RETURN_IF_ERROR(DiffWithBatch(context_, task_));
    return EventsOfDiff(task_);
  }

 private:
  // The input in a table, whose rowid is the input's order.
  Status Stage() {
    return task_.bench.Execute(context_, "CREATE TABLE staged AS SELECT * FROM new_rows");
  }

  // A key that was taken back as often as it was added may come again (docs/decisions/revert.md).
  Result<std::string> KnownToLedger() {
    if (!task_.may_have_retractions) return std::string("old_rows");
    std::vector<std::string> keys;
    for (const std::string& key : task_.keys) keys.push_back("h." + key);
    RETURN_IF_ERROR(task_.bench.Execute(
        context_,
        fmt::format("CREATE TABLE taken_back AS SELECT {} FROM old_rows h SEMI JOIN (SELECT * FROM "
                    "old_rows WHERE op IN (1, 2)) r ON {} GROUP BY ALL HAVING sum(CASE WHEN h.op "
                    "IN (1, 2) THEN -1 ELSE 1 END) <= 0",
                    fmt::join(keys, ", "), KeysEqual(task_, "h", "r"))));
    return fmt::format("(SELECT h.* FROM old_rows h ANTI JOIN taken_back t ON {})",
                       KeysEqual(task_, "h", "t"));
  }

  std::string InOrder(const std::string& rows) const {
    return fmt::format("SELECT 0::INTEGER AS op, {}{} FROM {} ORDER BY et NULLS FIRST, rowid",
                       EventColumns(task_), task_.gives_places ? ", rowid + 1 AS place" : "", rows);
  }

  const Context& context_;
  const MergeTask& task_;
};

}  // namespace

Result<std::string> MergeRows(const Context& context, const MergeTask& task,
                              const odf::MergeStrategy& strategy) {
  return std::visit(Merge(context, task), strategy.value);
}

}  // namespace weir::pipelines
