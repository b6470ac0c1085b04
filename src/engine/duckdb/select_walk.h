#pragma once

#include <duckdb.hpp>
#include <duckdb/parser/query_node/recursive_cte_node.hpp>
#include <duckdb/parser/query_node/select_node.hpp>
#include <duckdb/parser/tableref/list.hpp>
#include <span>
#include <string>
#include <string_view>

namespace weir::engine {

/// Walks the parse tree of somebody's SELECT, with all queries inside of it. Those who derive from
/// it look at what it comes by, and may change it. Throws DuckDB's errors at what is no plain
/// SELECT and at table functions that are not harmless.
///
/// The engine's own iterator does not tell where a CTE's name begins and ends to be seen, and with
/// `WITH t AS (SELECT * FROM t)` the inner t is another table.
class SelectWalk {
 public:
  virtual ~SelectWalk() = default;

  void Node(duckdb::QueryNode& node);
  void Table(duckdb::TableRef& ref);
  void Expression(duckdb::ParsedExpression& expression);

 protected:
  // Each sees a thing before what is inside it.
  virtual void See(duckdb::ParsedExpression& /*expression*/) {}
  virtual void See(duckdb::QueryNode& /*node*/) {}
  virtual void See(duckdb::TableRef& /*ref*/) {}
  /// `is_cte`: the name is that of a CTE in sight.
  virtual void SeeTable(duckdb::BaseTableRef& /*table*/, bool /*is_cte*/) {}

 private:
  void Select(duckdb::SelectNode& select);
  void Recursive(duckdb::RecursiveCTENode& node);
  void Join(duckdb::JoinRef& join);
  void BaseTable(duckdb::BaseTableRef& table);
  void TableFunction(duckdb::TableFunctionRef& ref);

  duckdb::case_insensitive_set_t ctes_;
};

/// Throws CatalogException at a table that is not among `tables`.
class CheckedWalk : public SelectWalk {
 public:
  explicit CheckedWalk(std::span<const std::string> tables)
      : tables_(tables.begin(), tables.end()) {}

 protected:
  void SeeTable(duckdb::BaseTableRef& table, bool is_cte) override;

 private:
  const duckdb::case_insensitive_set_t tables_;
};

/// The one SELECT that `sql` is; throws what the parser throws, and PermissionException for
/// anything else.
duckdb::unique_ptr<duckdb::SelectStatement> ParseSelect(std::string_view sql);

}  // namespace weir::engine
