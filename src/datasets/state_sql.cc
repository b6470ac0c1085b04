#include "datasets/state_sql.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "engine/sql_text.h"

namespace weir::datasets {
namespace {

using engine::Identifier;

bool HasColumn(const odf::DataSchema& schema, const std::string& name) {
  return std::ranges::find(schema.fields, name, &odf::DataField::name) != schema.fields.end();
}

bool HasColumns(const odf::DataSchema& schema, const std::vector<std::string>& names) {
  return std::ranges::all_of(names, [&](const auto& name) { return HasColumn(schema, name); });
}

std::string Listed(const std::vector<std::string>& names) {
  std::vector<std::string> quoted;
  for (const std::string& name : names) quoted.push_back(Identifier(name));
  return fmt::format("{}", fmt::join(quoted, ", "));
}

// `base` or longer, so that no column is called so. The engine takes names without regard to case.
std::string FreeName(const odf::DataSchema& schema, std::string base) {
  const auto same = [](char a, char b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; };
    return lower(a) == lower(b);
  };
  while (std::ranges::any_of(schema.fields, [&](const odf::DataField& field) {
    return std::ranges::equal(field.name, base, same);
  })) {
    base += '_';
  }
  return base;
}

// The last event of each key, unless it took the row away. What a correction was made from (op 2)
// is no row either.
std::string ByKey(const StateTable& table, const std::string& columns, const std::string& events) {
  return fmt::format(
      "SELECT {} FROM (SELECT * FROM {} QUALIFY row_number() OVER (PARTITION BY {} ORDER BY "
      "{} DESC) = 1) WHERE {} NOT IN (1, 2)",
      columns, events, Listed(table.rule.key), Identifier(table.names.offset),
      Identifier(table.names.op));
}

// Every row as often as it was added more often than taken away.
std::string AsMultiset(const StateTable& table, const std::string& columns,
                       const std::string& events) {
  const std::string count = FreeName(table.schema, "count");
  return fmt::format(
      "SELECT {0} FROM (SELECT {0}, unnest(range({1})) AS {1} FROM (SELECT {0}, sum(CASE WHEN {2} "
      "IN (1, 2) THEN -1 ELSE 1 END)::BIGINT AS {1} FROM {3} GROUP BY {0}) WHERE {1} > 0)",
      columns, count, Identifier(table.names.op), events);
}

}  // namespace

std::vector<std::string> StateColumns(const StateTable& table) {
  std::vector<std::string> columns;
  for (const odf::DataField& field : table.schema.fields) {
    const bool shown = field.name == table.names.event_time
                           ? table.has_own_event_time
                           : field.name != table.names.offset && field.name != table.names.op &&
                                 field.name != table.names.system_time;
    if (shown) columns.push_back(field.name);
  }
  // A table has columns; without data of its own the event time is better than none.
  if (columns.empty()) columns.push_back(table.names.event_time);
  return columns;
}

std::string StateSql(const StateTable& table, const std::string& events) {
  const std::string columns = Listed(StateColumns(table));
  const bool has_system_columns = HasColumns(table.schema, {table.names.offset, table.names.op});
  if (table.is_state || !has_system_columns) {
    return fmt::format("SELECT {} FROM {}", columns, events);
  }
  const auto& key = table.rule.key;
  return !key.empty() && HasColumns(table.schema, key) ? ByKey(table, columns, events)
                                                       : AsMultiset(table, columns, events);
}

}  // namespace weir::datasets
