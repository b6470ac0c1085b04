#include "engine/duckdb/select_walk.h"

#include <algorithm>
#include <array>
#include <duckdb/parser/expression/function_expression.hpp>
#include <duckdb/parser/expression/subquery_expression.hpp>
#include <duckdb/parser/parsed_expression_iterator.hpp>
#include <duckdb/parser/parser.hpp>
#include <duckdb/parser/query_node/set_operation_node.hpp>
#include <duckdb/parser/statement/select_statement.hpp>

namespace weir::engine {
namespace {

using duckdb::TableReferenceType;

constexpr std::array<std::string_view, 5> kTableFunctions = {"range", "generate_series", "unnest",
                                                             "json_each", "json_tree"};

}  // namespace

void SelectWalk::Node(duckdb::QueryNode& node) {
  See(node);
  const auto outside = ctes_;
  for (auto& [name, cte] : node.cte_map.map) {
    Node(*cte->query->node);
    ctes_.insert(name);
  }
  switch (node.type) {
    case duckdb::QueryNodeType::SELECT_NODE:
      Select(node.Cast<duckdb::SelectNode>());
      break;
    case duckdb::QueryNodeType::SET_OPERATION_NODE:
      for (auto& child : node.Cast<duckdb::SetOperationNode>().children) Node(*child);
      break;
    case duckdb::QueryNodeType::RECURSIVE_CTE_NODE:
      Recursive(node.Cast<duckdb::RecursiveCTENode>());
      break;
    default:
      throw duckdb::PermissionException("only SELECT may be used here");
  }
  duckdb::ParsedExpressionIterator::EnumerateQueryNodeModifiers(
      node, [&](duckdb::unique_ptr<duckdb::ParsedExpression>& child) { Expression(*child); });
  ctes_ = outside;
}

void SelectWalk::Select(duckdb::SelectNode& select) {
  for (auto& column : select.select_list) Expression(*column);
  for (auto& group : select.groups.group_expressions) Expression(*group);
  for (auto* clause : {select.where_clause.get(), select.having.get(), select.qualify.get()}) {
    if (clause != nullptr) Expression(*clause);
  }
  if (select.from_table) Table(*select.from_table);
}

void SelectWalk::Recursive(duckdb::RecursiveCTENode& node) {
  Node(*node.left);
  ctes_.insert(node.ctename);
  Node(*node.right);
}

void SelectWalk::Expression(duckdb::ParsedExpression& expression) {
  See(expression);
  if (expression.GetExpressionClass() == duckdb::ExpressionClass::SUBQUERY) {
    Node(*expression.Cast<duckdb::SubqueryExpression>().subquery->node);
  }
  duckdb::ParsedExpressionIterator::EnumerateChildren(
      expression, [&](duckdb::ParsedExpression& child) { Expression(child); });
}

void SelectWalk::Table(duckdb::TableRef& ref) {
  See(ref);
  switch (ref.type) {
    case TableReferenceType::BASE_TABLE:
      return BaseTable(ref.Cast<duckdb::BaseTableRef>());
    case TableReferenceType::TABLE_FUNCTION:
      return TableFunction(ref.Cast<duckdb::TableFunctionRef>());
    case TableReferenceType::SUBQUERY:
      return Node(*ref.Cast<duckdb::SubqueryRef>().subquery->node);
    case TableReferenceType::JOIN:
      return Join(ref.Cast<duckdb::JoinRef>());
    case TableReferenceType::EXPRESSION_LIST:
      for (auto& row : ref.Cast<duckdb::ExpressionListRef>().values) {
        for (auto& value : row) Expression(*value);
      }
      return;
    case TableReferenceType::EMPTY_FROM:
      return;
    default:
      throw duckdb::PermissionException("PIVOT, SHOW and DESCRIBE may not be used here");
  }
}

void SelectWalk::Join(duckdb::JoinRef& join) {
  Table(*join.left);
  Table(*join.right);
  if (join.condition) Expression(*join.condition);
}

void SelectWalk::BaseTable(duckdb::BaseTableRef& table) {
  const bool is_bare = table.catalog_name.empty() && table.schema_name.empty();
  SeeTable(table, is_bare && ctes_.contains(table.table_name));
}

void SelectWalk::TableFunction(duckdb::TableFunctionRef& ref) {
  const auto& function = ref.function->Cast<duckdb::FunctionExpression>();
  const std::string name = duckdb::StringUtil::Lower(function.function_name);
  if (ref.subquery || !function.schema.empty() || !function.catalog.empty() ||
      std::ranges::find(kTableFunctions, name) == kTableFunctions.end()) {
    throw duckdb::PermissionException("the table function %s may not be called here", name);
  }
  for (auto& argument : ref.function->Cast<duckdb::FunctionExpression>().children) {
    Expression(*argument);
  }
}

void CheckedWalk::SeeTable(duckdb::BaseTableRef& table, bool is_cte) {
  const bool is_bare = table.catalog_name.empty() && table.schema_name.empty() && !table.at_clause;
  if (is_bare && (is_cte || tables_.contains(table.table_name))) return;
  throw duckdb::CatalogException("there is no table %s here", table.table_name);
}

duckdb::unique_ptr<duckdb::SelectStatement> ParseSelect(std::string_view sql) {
  duckdb::Parser parser;
  parser.ParseQuery(std::string(sql));
  if (parser.statements.size() != 1 ||
      parser.statements[0]->type != duckdb::StatementType::SELECT_STATEMENT) {
    throw duckdb::PermissionException("one SELECT was expected");
  }
  return duckdb::unique_ptr_cast<duckdb::SQLStatement, duckdb::SelectStatement>(
      std::move(parser.statements[0]));
}

}  // namespace weir::engine
