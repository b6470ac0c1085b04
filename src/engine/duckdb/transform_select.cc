#include "engine/duckdb/transform_select.h"

#include <algorithm>
#include <array>
#include <duckdb/parser/expression/columnref_expression.hpp>
#include <duckdb/parser/expression/function_expression.hpp>
#include <duckdb/parser/expression/star_expression.hpp>
#include <duckdb/parser/expression/window_expression.hpp>
#include <duckdb/parser/result_modifier.hpp>
#include <duckdb/parser/statement/select_statement.hpp>
#include <duckdb/parser/tableref/joinref.hpp>
#include <string_view>

#include "engine/delta_plan.h"
#include "engine/duckdb/errors.h"
#include "engine/duckdb/select_walk.h"
#include "engine/transform_rules.h"

namespace weir::engine {
namespace {

using duckdb::ExpressionClass;
using duckdb::PermissionException;

// What the engine takes for a function where no column is called so.
constexpr std::array<std::string_view, 10> kChangingNames = {
    "current_catalog", "current_date",      "current_role", "current_schema", "current_time",
    "current_user",    "current_timestamp", "localtime",    "localtimestamp", "session_user"};

// `name` if transforms may call it, or what runs in its place.
std::string NameToRun(const std::string& name, bool is_window) {
  const TransformFunction found = FindTransformFunction(name);
  const bool is_right_place =
      found.use == TransformUse::kAggregate || (found.use == TransformUse::kWindow) == is_window;
  if (found.use != TransformUse::kRefused && is_right_place) {
    return found.runs_as.empty() ? name : std::string(found.runs_as);
  }
  const std::string_view why =
      found.use == TransformUse::kRefused ? found.why : "it is no function of a window";
  throw PermissionException("a transform may not call %s: %s", name, std::string(why));
}

bool CountsRows(duckdb::WindowBoundary boundary) {
  return boundary == duckdb::WindowBoundary::CURRENT_ROW_ROWS ||
         boundary == duckdb::WindowBoundary::EXPR_PRECEDING_ROWS ||
         boundary == duckdb::WindowBoundary::EXPR_FOLLOWING_ROWS;
}

bool IsOrderedByAll(const duckdb::QueryNode& node) {
  return std::ranges::any_of(node.modifiers, [](const auto& modifier) {
    if (modifier->type != duckdb::ResultModifierType::ORDER_MODIFIER) return false;
    const auto& orders = modifier->template Cast<duckdb::OrderModifier>().orders;
    return orders.size() == 1 &&
           orders.front().expression->GetExpressionClass() == ExpressionClass::STAR;
  });
}

class TransformWalk final : public CheckedWalk {
 public:
  using CheckedWalk::CheckedWalk;

 protected:
  void See(duckdb::ParsedExpression& expression) override {
    switch (expression.GetExpressionClass()) {
      case ExpressionClass::FUNCTION:
        return Function(expression.Cast<duckdb::FunctionExpression>());
      case ExpressionClass::WINDOW:
        return Window(expression.Cast<duckdb::WindowExpression>());
      case ExpressionClass::COLUMN_REF:
        return Column(expression.Cast<duckdb::ColumnRefExpression>());
      case ExpressionClass::PARAMETER:
        throw PermissionException("a transform has no parameters");
      default:
        return;
    }
  }

  void See(duckdb::QueryNode& node) override {
    if (node.type == duckdb::QueryNodeType::RECURSIVE_CTE_NODE) {
      throw PermissionException("a transform may not use WITH RECURSIVE");
    }
    if (node.type == duckdb::QueryNodeType::SELECT_NODE && node.Cast<duckdb::SelectNode>().sample) {
      throw PermissionException("a transform may not sample rows");
    }
    for (const auto& modifier : node.modifiers) Modifier(node, *modifier);
  }

  void See(duckdb::TableRef& ref) override {
    if (ref.sample) throw PermissionException("a transform may not sample rows");
    if (ref.type != duckdb::TableReferenceType::JOIN) return;
    const auto type = ref.Cast<duckdb::JoinRef>().ref_type;
    if (type == duckdb::JoinRefType::POSITIONAL || type == duckdb::JoinRefType::ASOF) {
      throw PermissionException(
          "a transform may not use a %s JOIN: which rows meet depends on their order",
          type == duckdb::JoinRefType::ASOF ? "ASOF" : "POSITIONAL");
    }
  }

 private:
  static void Function(duckdb::FunctionExpression& function) {
    // The parser itself says main of what stands for `[a, b]`.
    const bool is_bare = function.schema.empty() || function.schema == DEFAULT_SCHEMA;
    if (!is_bare || !function.catalog.empty()) {
      throw PermissionException("a transform calls functions by their names alone: %s",
                                function.function_name);
    }
    function.function_name = NameToRun(function.function_name, false);
  }

  static void Window(duckdb::WindowExpression& window) {
    window.function_name = NameToRun(window.function_name, true);
    if (CountsRows(window.start) || CountsRows(window.end)) {
      throw PermissionException(
          "a transform may not count the ROWS of a window, whose order may be any: use RANGE");
    }
  }

  static void Column(const duckdb::ColumnRefExpression& column) {
    if (column.IsQualified()) return;
    const std::string name = duckdb::StringUtil::Lower(column.GetColumnName());
    if (std::ranges::find(kChangingNames, name) == kChangingNames.end()) return;
    throw PermissionException("a transform may not use %s: its result is another one each time",
                              name);
  }

  static void Modifier(const duckdb::QueryNode& node, const duckdb::ResultModifier& modifier) {
    using duckdb::ResultModifierType;
    if (modifier.type == ResultModifierType::LIMIT_PERCENT_MODIFIER) {
      throw PermissionException("a transform may not limit its rows to a percentage");
    }
    if (modifier.type == ResultModifierType::LIMIT_MODIFIER && !IsOrderedByAll(node)) {
      throw PermissionException(
          "a transform may use LIMIT only after ORDER BY ALL: with any other "
          "order, which rows come first may be any");
    }
    if (modifier.type == ResultModifierType::DISTINCT_MODIFIER &&
        !modifier.Cast<duckdb::DistinctModifier>().distinct_on_targets.empty()) {
      throw PermissionException("a transform may not use DISTINCT ON: which row stays may be any");
    }
  }
};

}  // namespace

duckdb::unique_ptr<duckdb::SelectStatement> ParseTransform(const std::string& sql,
                                                           std::span<const std::string> tables) {
  auto select = ParseSelect(sql);
  TransformWalk(tables).Node(*select->node);
  return select;
}

bool IsAggregate(const duckdb::ParsedExpression& expression) {
  if (expression.GetExpressionClass() != duckdb::ExpressionClass::FUNCTION) return false;
  const std::string& name = expression.Cast<duckdb::FunctionExpression>().function_name;
  return name.starts_with("exact_") || FindTransformFunction(name).use == TransformUse::kAggregate;
}

Status CheckTransform(std::span<const TransformStep> steps, std::span<const std::string> inputs) {
  std::vector<std::string> tables(inputs.begin(), inputs.end());
  for (const std::string& input : inputs) tables.push_back(input + "$events");
  for (const TransformStep& step : steps) {
    const Status parsed = WithoutExceptions([&]() -> Status {
      ParseTransform(step.sql, tables);
      return Ok();
    });
    if (!parsed) return parsed;
    if (!step.alias.empty()) tables.push_back(step.alias);
  }
  return Ok();
}

}  // namespace weir::engine
