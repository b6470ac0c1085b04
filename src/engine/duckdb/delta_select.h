#pragma once

#include <duckdb.hpp>
#include <duckdb/parser/query_node/select_node.hpp>
#include <duckdb/parser/tableref/list.hpp>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/delta_plan.h"

namespace weir::engine {

/// What a name stands for.
struct DeltaName {
  std::string relation = {};
  std::vector<std::string> columns = {};  ///< other names of its columns; may be fewer
};

struct NameBefore {
  bool operator()(const std::string& left, const std::string& right) const {
    return duckdb::StringUtil::CILessThan(left, right);
  }
};
using DeltaScope = std::map<std::string, DeltaName, NameBefore>;

/// A SELECT whose tables are marked as relations.
struct ResolvedSelect {
  duckdb::unique_ptr<duckdb::SelectNode> select = {};
  std::set<std::string> relations = {};
  std::string why = {};  ///< not empty: it must be computed again, because of this
};

/// Makes `table` the relation that its name stands for.
void MarkRelation(duckdb::BaseTableRef& table, const DeltaScope& scope);

/// The same for all tables in `select`, also in queries inside of expressions.
void MarkRelations(duckdb::SelectNode& select, const DeltaScope& scope, ResolvedSelect& resolved);

/// What is known around a SELECT.
struct SelectSetting {
  const std::map<std::string, std::vector<std::string>>& keys;  ///< of each relation
  const std::vector<std::string>& columns;                      ///< of the result
  std::function<std::vector<std::string>(duckdb::TableRef&)> columns_of_from;
  /// The columns that a query has.
  std::function<Result<std::vector<Column>>(const std::string&)> describe;
};

/// Finds how a SELECT follows its relations: fills in way, why, terms, touched queries and keys.
void FillIn(const SelectSetting& setting, ResolvedSelect& resolved, DeltaStep& step);

}  // namespace weir::engine
