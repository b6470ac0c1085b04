#pragma once

#include <compare>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace weir::engine {

/// What becomes of a column on its way into another one: the words of OpenLineage's columnLineage
/// facet. Direct ones carry its values; indirect ones decide which values there are.
enum class LineageKind {
  kIdentity,
  kTransformation,
  kAggregation,
  kConditional,  ///< decides in a CASE
  kFilter,       ///< decides which rows there are
  kGroupBy,
  kJoin,
  kSort,
  kWindow,
};

/// kIdentity, kTransformation or kAggregation.
bool IsDirect(LineageKind kind);

/// "IDENTITY", "GROUP_BY", ... as OpenLineage writes it.
std::string_view NameOf(LineageKind kind);

/// A column of a table that something comes from.
struct LineageSource {
  std::string table = {};
  std::string column = {};  ///< empty: no column of it, but that it has the rows it has
  LineageKind kind = LineageKind::kIdentity;
  /// What arrives does not tell the value: a hash or a count.
  bool is_masking = false;

  auto operator<=>(const LineageSource&) const = default;
};

struct ColumnLineage {
  std::string name = {};
  std::vector<LineageSource> sources = {};  ///< sorted, each once
};

/// Where the columns of a query come from.
struct QueryLineage {
  std::vector<ColumnLineage> columns = {};
  /// What decides which rows there are, and so touches every column, which does not repeat it. All
  /// that name a column are indirect.
  std::vector<LineageSource> rows = {};
};

/// The lineage of a query whose tables are queries themselves: those in `tables` are replaced by
/// what they come from, others stay. An indirect use makes all behind it indirect; of two direct
/// ones the stronger counts.
QueryLineage Through(const QueryLineage& outer, const std::map<std::string, QueryLineage>& tables);

}  // namespace weir::engine
