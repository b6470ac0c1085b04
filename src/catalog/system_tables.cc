#include "catalog/system_tables.h"

#include <fmt/format.h>

#include <algorithm>

#include "catalog/check_table.h"
#include "engine/sql_text.h"

namespace weir::catalog {
namespace {

bool IsCalled(const std::string& name, const std::string& table) {
  return std::ranges::equal(name, table, [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
  });
}

}  // namespace

Result<std::optional<engine::ResolvedTable>> SystemTables::Resolve(const std::string& name) {
  if (!IsCalled(name, "checks")) return std::optional<engine::ResolvedTable>();
  ASSIGN_OR_RETURN(auto rows, CheckTable(context_, store_));
  if (rows->files.empty()) return Outline(name);
  return std::optional(
      engine::ResolvedTable{.sql = "SELECT * FROM scan(0)", .scans = {std::move(rows)}});
}

std::optional<engine::ResolvedTable> SystemTables::Outline(const std::string& name) {
  if (!IsCalled(name, "checks")) return std::nullopt;
  std::string columns;
  for (const engine::Column& column : CheckColumns()) {
    columns += fmt::format("{}CAST(NULL AS {}) AS {}", columns.empty() ? "" : ", ", column.type,
                           engine::Identifier(column.name));
  }
  return engine::ResolvedTable{.sql = fmt::format("SELECT {} WHERE false", columns), .scans = {}};
}

std::vector<std::string> SystemTables::Names() { return {"checks"}; }

}  // namespace weir::catalog
