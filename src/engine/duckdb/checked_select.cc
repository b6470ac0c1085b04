#include "engine/checked_select.h"

#include <algorithm>
#include <array>
#include <duckdb.hpp>
#include <duckdb/parser/expression/function_expression.hpp>
#include <duckdb/parser/expression/subquery_expression.hpp>
#include <duckdb/parser/parsed_expression_iterator.hpp>
#include <duckdb/parser/parser.hpp>
#include <duckdb/parser/query_node/recursive_cte_node.hpp>
#include <duckdb/parser/query_node/select_node.hpp>
#include <duckdb/parser/query_node/set_operation_node.hpp>
#include <duckdb/parser/statement/select_statement.hpp>
#include <duckdb/parser/tableref/list.hpp>

#include "engine/duckdb/errors.h"

namespace weir::engine {
namespace {

using duckdb::TableReferenceType;

constexpr std::array<std::string_view, 5> kTableFunctions = {"range", "generate_series", "unnest",
                                                             "json_each", "json_tree"};

// Scalar functions that tell of the process or change something.
constexpr std::array<std::string_view, 9> kDeniedFunctions = {
    "getenv",    "current_setting",          "set_config",   "nextval", "currval", "getvariable",
    "write_log", "parse_duckdb_log_message", "current_query"};

// Walks a parse tree; throws at the first thing that is not allowed. The engine's own iterator does
// not tell where a CTE's name begins and ends to be seen, and with `WITH t AS (SELECT * FROM t)`
// the inner t is another table.
class Walk {
 public:
  explicit Walk(std::span<const std::string> tables) : tables_(tables.begin(), tables.end()) {}

  void Node(duckdb::QueryNode& node) {
    const Names outside = tables_;
    for (auto& [name, cte] : node.cte_map.map) {
      Node(*cte->query->node);
      tables_.insert(name);
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
    tables_ = outside;
  }

 private:
  using Names = duckdb::case_insensitive_set_t;

  void Select(duckdb::SelectNode& select) {
    for (auto& column : select.select_list) Expression(*column);
    for (auto& group : select.groups.group_expressions) Expression(*group);
    for (auto* clause : {select.where_clause.get(), select.having.get(), select.qualify.get()}) {
      if (clause != nullptr) Expression(*clause);
    }
    if (select.from_table) Table(*select.from_table);
  }

  void Recursive(duckdb::RecursiveCTENode& node) {
    Node(*node.left);
    tables_.insert(node.ctename);
    Node(*node.right);
  }

  void Expression(duckdb::ParsedExpression& expression) {
    if (expression.GetExpressionClass() == duckdb::ExpressionClass::SUBQUERY) {
      Node(*expression.Cast<duckdb::SubqueryExpression>().subquery->node);
    }
    if (expression.GetExpressionClass() == duckdb::ExpressionClass::FUNCTION) {
      const std::string name =
          duckdb::StringUtil::Lower(expression.Cast<duckdb::FunctionExpression>().function_name);
      if (std::ranges::find(kDeniedFunctions, name) != kDeniedFunctions.end()) {
        throw duckdb::PermissionException("the function %s may not be called here", name);
      }
    }
    duckdb::ParsedExpressionIterator::EnumerateChildren(
        expression, [&](duckdb::ParsedExpression& child) { Expression(child); });
  }

  void Table(duckdb::TableRef& ref) {
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

  void Join(duckdb::JoinRef& join) {
    Table(*join.left);
    Table(*join.right);
    if (join.condition) Expression(*join.condition);
  }

  void BaseTable(const duckdb::BaseTableRef& table) {
    if (table.catalog_name.empty() && table.schema_name.empty() && !table.at_clause &&
        tables_.contains(table.table_name)) {
      return;
    }
    throw duckdb::CatalogException("there is no table %s here", table.table_name);
  }

  void TableFunction(duckdb::TableFunctionRef& ref) {
    const auto& function = ref.function->Cast<duckdb::FunctionExpression>();
    const std::string name = duckdb::StringUtil::Lower(function.function_name);
    if (ref.subquery || !function.schema.empty() || !function.catalog.empty() ||
        std::ranges::find(kTableFunctions, name) == kTableFunctions.end()) {
      throw duckdb::PermissionException("the table function %s may not be called here", name);
    }
    Expression(*ref.function);
  }

  Names tables_;
};

}  // namespace

Result<std::string> CheckSelect(std::string_view sql, std::span<const std::string> tables) {
  return WithoutExceptions([&]() -> Result<std::string> {
    duckdb::Parser parser;
    parser.ParseQuery(std::string(sql));
    if (parser.statements.size() != 1 ||
        parser.statements[0]->type != duckdb::StatementType::SELECT_STATEMENT) {
      return Denied("one SELECT was expected");
    }
    auto& select = parser.statements[0]->Cast<duckdb::SelectStatement>();
    Walk(tables).Node(*select.node);
    return select.ToString();
  });
}

}  // namespace weir::engine
