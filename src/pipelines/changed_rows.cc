#include "pipelines/changed_rows.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "pipelines/event_columns.h"

namespace weir::pipelines {
namespace {

// The key columns of diff's old or new rows as a subquery gives them.
std::string Keys(const MergeTask& task, const std::string& prefix) {
  std::vector<std::string> keys;
  for (const std::string& key : task.keys) keys.push_back(prefix + key);
  return fmt::format("{}", fmt::join(keys, ", "));
}

// kept_rows from old_rows, with too many rows only for keys that were appended twice in a row.
Status FindKeptRows(const Context& context, const MergeTask& task) {
  const std::string keys = Keys(task, "");
  RETURN_IF_ERROR(task.bench.Execute(
      context,
      fmt::format("CREATE TABLE touched AS SELECT DISTINCT {} FROM old_rows WHERE op <> 0", keys)));
  const std::string columns = EventColumns(task, "h.");
  const std::string same = KeysSame(task, "h", "t");
  return task.bench.Execute(
      context, fmt::format("CREATE VIEW kept_rows AS SELECT h.o, {0} FROM old_rows h "
                           "ANTI JOIN touched t ON {1} "
                           "UNION ALL SELECT h.o, {0} FROM (SELECT h.* FROM old_rows h "
                           "SEMI JOIN touched t ON {1} "
                           "QUALIFY row_number() OVER (PARTITION BY {2} ORDER BY h.o DESC) = 1) h "
                           "WHERE h.op <> 1",
                           columns, same, Keys(task, "h.")));
}

// Takes from diff the old rows that later events of their key have replaced. (SEMI JOIN rather than
// EXISTS, for which the engine plans five times the work when nulls are to match.)
Status DropStaleRows(const Context& context, const MergeTask& task) {
  std::vector<std::string> same;
  for (const std::string& key : task.keys) {
    same.push_back(fmt::format("h.{0} IS NOT DISTINCT FROM d.s_{0}", key));
  }
  const std::string matches = fmt::format("{}", fmt::join(same, " AND "));
  RETURN_IF_ERROR(task.bench.Execute(
      context,
      fmt::format("CREATE TABLE newest AS SELECT {0}, max(h.o) AS o FROM old_rows h SEMI JOIN "
                  "(SELECT * FROM diff WHERE s_here) d ON {1} GROUP BY {0}",
                  Keys(task, "h."), matches)));
  return task.bench.Execute(
      context,
      fmt::format("DELETE FROM diff d USING newest h WHERE d.s_here AND d.s_o < h.o AND {}",
                  matches));
}

}  // namespace

Status DiffWithSnapshot(const Context& context, const MergeTask& task) {
  if (!task.has_state) RETURN_IF_ERROR(FindKeptRows(context, task));
  RETURN_IF_ERROR(task.bench.Execute(
      context,
      fmt::format("CREATE TABLE diff AS SELECT n.here AS n_here, {}, s.here AS s_here, "
                  "s.o AS s_o, {} FROM (SELECT *, true AS here FROM new_rows) n FULL OUTER JOIN "
                  "(SELECT *, true AS here FROM kept_rows) s ON {} "
                  "WHERE n.here IS NULL OR s.here IS NULL OR {}",
                  EventColumns(task, "n.", "n_"), EventColumns(task, "s.", "s_"),
                  KeysEqual(task, "n", "s"), Changed(task, "n.", "s."))));
  return task.has_state ? Ok() : DropStaleRows(context, task);
}

Status DiffWithBatch(const Context& context, const MergeTask& task) {
  const std::string old_columns = EventColumns(task, "h.", "s_");
  RETURN_IF_ERROR(task.bench.Execute(
      context, fmt::format("CREATE TABLE met AS SELECT b.rowid AS r, h.o AS s_o, {} AS s_op, {} "
                           "FROM {} h JOIN batch b ON {}",
                           task.has_state ? "0" : "h.op", old_columns,
                           task.has_state ? "kept_rows" : "old_rows", KeysEqual(task, "h", "b"))));
  RETURN_IF_ERROR(task.bench.Execute(
      context,
      "DELETE FROM met m USING (SELECT r, max(s_o) AS s_o FROM met GROUP BY r HAVING count(*) > 1) "
      "l WHERE m.r = l.r AND m.s_o < l.s_o"));
  return task.bench.Execute(
      context,
      fmt::format("CREATE TABLE diff AS SELECT CASE WHEN b.op = 0 THEN true END AS n_here, {}, "
                  "CASE WHEN m.r IS NOT NULL THEN true END AS s_here, m.* EXCLUDE (r, s_op) "
                  "FROM batch b LEFT JOIN (SELECT * FROM met WHERE s_op <> 1) m ON b.rowid = m.r "
                  "WHERE CASE WHEN b.op = 1 THEN m.r IS NOT NULL "
                  "ELSE m.r IS NULL OR {} END",
                  EventColumns(task, "b.", "n_"), Changed(task, "b.", "m.s_")));
}

std::string EventsOfDiff(const MergeTask& task) {
  const std::string fresh = WithoutPrefix(task, "n_");
  const std::string old = WithoutPrefix(task, "s_");
  return fmt::format(
      "SELECT op, {0} FROM (SELECT 0::INTEGER AS op, {1} FROM diff WHERE n_here AND s_here IS NULL "
      "UNION ALL SELECT 1, {2} FROM diff WHERE n_here IS NULL "
      "UNION ALL SELECT 2, {2} FROM diff WHERE n_here AND s_here "
      "UNION ALL SELECT 3, {1} FROM diff WHERE n_here AND s_here) ORDER BY {3}, op, {4}",
      EventColumns(task), fresh, old, KeyOrder(task), RemainingOrder(task));
}

}  // namespace weir::pipelines
