#pragma once

#include <duckdb/planner/column_binding.hpp>
#include <duckdb/planner/expression.hpp>
#include <map>
#include <set>

#include "engine/query_lineage.h"

namespace weir::engine {

using Sources = std::set<LineageSource>;

/// Adds `more`; throws OutOfRangeException for more than anybody can look at.
void Add(const Sources& more, Sources& to);

/// The same sources, as they are when what came from them decides something.
Sources As(LineageKind indirect, const Sources& sources);

/// The same, after direct ones went through a function or an aggregate.
Sources AtLeast(LineageKind direct, const Sources& sources);

struct BindingBefore {
  bool operator()(const duckdb::ColumnBinding& left, const duckdb::ColumnBinding& right) const {
    return std::pair(left.table_index, left.column_index) <
           std::pair(right.table_index, right.column_index);
  }
};

/// What the columns of a plan come from.
using Bindings = std::map<duckdb::ColumnBinding, Sources, BindingBefore>;

/// What the value of `expression` comes from.
Sources SourcesOf(const duckdb::Expression& expression, const Bindings& bindings);

}  // namespace weir::engine
