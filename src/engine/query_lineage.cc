#include "engine/query_lineage.h"

#include <algorithm>
#include <set>
#include <utility>

namespace weir::engine {
namespace {

using Sources = std::set<LineageSource>;

// How `outer` comes by what its own source comes from.
LineageSource Along(const LineageSource& outer, LineageSource inner) {
  if (!IsDirect(outer.kind)) {
    inner.kind = outer.kind;
  } else if (IsDirect(inner.kind)) {
    inner.kind = std::max(outer.kind, inner.kind);
  }
  inner.is_masking = inner.is_masking || outer.is_masking;
  return inner;
}

const std::vector<LineageSource>* SourcesOf(const QueryLineage& table, const std::string& column) {
  if (column.empty()) return &table.rows;
  const auto found = std::ranges::find(table.columns, column, &ColumnLineage::name);
  return found == table.columns.end() ? nullptr : &found->sources;
}

void Add(const LineageSource& source, const std::map<std::string, QueryLineage>& tables,
         Sources& to) {
  const auto table = tables.find(source.table);
  if (table == tables.end()) {
    to.insert(source);
    return;
  }
  const auto* inner = SourcesOf(table->second, source.column);
  if (inner == nullptr) return;
  for (const LineageSource& each : *inner) to.insert(Along(source, each));
}

}  // namespace

bool IsDirect(LineageKind kind) { return kind <= LineageKind::kAggregation; }

std::string_view NameOf(LineageKind kind) {
  switch (kind) {
    case LineageKind::kIdentity:
      return "IDENTITY";
    case LineageKind::kTransformation:
      return "TRANSFORMATION";
    case LineageKind::kAggregation:
      return "AGGREGATION";
    case LineageKind::kConditional:
      return "CONDITIONAL";
    case LineageKind::kFilter:
      return "FILTER";
    case LineageKind::kGroupBy:
      return "GROUP_BY";
    case LineageKind::kJoin:
      return "JOIN";
    case LineageKind::kSort:
      return "SORT";
    case LineageKind::kWindow:
      break;
  }
  return "WINDOW";
}

QueryLineage Through(const QueryLineage& outer, const std::map<std::string, QueryLineage>& tables) {
  Sources rows;
  for (const LineageSource& source : outer.rows) Add(source, tables, rows);
  QueryLineage lineage;
  for (const ColumnLineage& column : outer.columns) {
    Sources sources;
    for (const LineageSource& source : column.sources) Add(source, tables, sources);
    for (const LineageSource& source : rows) sources.erase(source);
    lineage.columns.push_back({.name = column.name, .sources = {sources.begin(), sources.end()}});
  }
  lineage.rows.assign(rows.begin(), rows.end());
  return lineage;
}

}  // namespace weir::engine
