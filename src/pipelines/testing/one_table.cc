#include "pipelines/testing/one_table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "datasets/history.h"

namespace weir::pipelines {

Result<std::optional<engine::ResolvedTable>> OneTable::Resolve(
    const engine::TableName& /*table*/, const std::optional<engine::AtClause>& /*at*/) {
  ASSIGN_OR_RETURN(const auto record, chains_.Read(context_, id_));
  ASSIGN_OR_RETURN(const auto history, datasets::HistoryOf(context_, chains_, id_, record));
  std::string sql = "SELECT * EXCLUDE (\"offset\", op, system_time) FROM scan(0)";
  if (!key_.empty()) {
    sql = fmt::format(
        "SELECT * EXCLUDE (\"offset\", op, system_time) FROM (SELECT * FROM scan(0) "
        "QUALIFY row_number() OVER (PARTITION BY {} ORDER BY \"offset\" DESC) = 1) "
        "WHERE op NOT IN (1, 2)",
        fmt::join(key_, ", "));
  }
  return std::optional(engine::ResolvedTable{.sql = std::move(sql), .scans = {history}});
}

}  // namespace weir::pipelines
