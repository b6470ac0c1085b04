#include "engine/duckdb/batch_select.h"

#include <algorithm>
#include <array>
#include <duckdb/parser/expression/cast_expression.hpp>
#include <duckdb/parser/expression/columnref_expression.hpp>
#include <duckdb/parser/expression/constant_expression.hpp>
#include <duckdb/parser/expression/function_expression.hpp>
#include <duckdb/parser/expression/star_expression.hpp>
#include <duckdb/parser/parsed_expression_iterator.hpp>
#include <duckdb/parser/query_node/set_operation_node.hpp>
#include <duckdb/parser/result_modifier.hpp>
#include <duckdb/parser/statement/select_statement.hpp>
#include <set>
#include <string_view>

#include "engine/batch_rules.h"
#include "engine/duckdb/select_walk.h"

namespace weir::engine {
namespace {

using duckdb::ExpressionClass;
using duckdb::LogicalType;
using duckdb::LogicalTypeId;
using duckdb::ParsedExpression;
using duckdb::PermissionException;
using duckdb::StringUtil;

using Item = duckdb::unique_ptr<ParsedExpression>;

[[noreturn]] void Refuse(const std::string& what, const char* why) {
  throw PermissionException("a transform by batches (engine: datafusion) may not use %s: %s", what,
                            why);
}

constexpr const char* kAlone = "each batch is computed alone, so it may look at one row at a time";
constexpr const char* kQueryOrder = "its rows are in the order of the input's";

// The parts of a time that are the same whole numbers in both engines.
constexpr std::array<std::string_view, 10> kParts = {
    "year", "quarter", "month", "week", "day", "dow", "doy", "hour", "minute", "second"};

// The literal that an argument is, if it is one.
const duckdb::Value* LiteralAt(const duckdb::FunctionExpression& function, std::size_t at) {
  if (at >= function.children.size()) return nullptr;
  const ParsedExpression& argument = *function.children[at];
  if (argument.GetExpressionClass() != ExpressionClass::CONSTANT) return nullptr;
  return &argument.Cast<duckdb::ConstantExpression>().value;
}

// Calls that only some literals make the same in both engines.
void CheckArguments(const duckdb::FunctionExpression& function) {
  const std::string& name = function.function_name;
  if (name == "substr" || name == "substring") {
    const auto* start = LiteralAt(function, 1);
    const bool is_good = start != nullptr && start->type().IsIntegral() && !start->IsNull() &&
                         start->GetValue<std::int64_t>() >= 1;
    if (!is_good)
      Refuse(name, "where it begins must be a number from 1 on; others mean another place");
  }
  if (name == "split_part") {
    const auto* between = LiteralAt(function, 1);
    if (between == nullptr || between->IsNull() || between->ToString().empty()) {
      Refuse(name, "what parts are split by must be a text that is not empty");
    }
  }
  if (name == "date_part" || name == "datepart") {
    const auto* part = LiteralAt(function, 0);
    const std::string text = part == nullptr ? "" : StringUtil::Lower(part->ToString());
    if (std::ranges::find(kParts, text) == kParts.end()) {
      Refuse(name, "it gives year, quarter, month, week, day, dow, doy, hour, minute or second");
    }
  }
}

bool IsWhole(const duckdb::Value& value) {
  return value.type().id() == LogicalTypeId::INTEGER || value.type().id() == LogicalTypeId::BIGINT;
}

bool IsBroken(const duckdb::Value& value) {
  const auto id = value.type().id();
  return id == LogicalTypeId::DECIMAL || id == LogicalTypeId::DOUBLE || id == LogicalTypeId::FLOAT;
}

Item Cast(Item item, const LogicalType& type) {
  const std::string alias = item->GetAlias();
  item->ClearAlias();
  Item cast = duckdb::make_uniq<duckdb::CastExpression>(type, std::move(item));
  cast->SetAlias(alias);
  return cast;
}

// A literal as DataFusion takes it. `wide`: a whole number is a BIGINT and not what is beside it.
void FitLiteral(Item& item, bool wide) {
  auto& constant = item->Cast<duckdb::ConstantExpression>();
  if (constant.value.IsNull()) return;
  if (IsBroken(constant.value)) {
    // By its digits, so that it is the nearest double to what was written.
    constant.value = duckdb::Value(constant.value.ToString());
    item = Cast(std::move(item), LogicalType::DOUBLE);
  } else if (wide && IsWhole(constant.value)) {
    item = Cast(std::move(item), LogicalType::BIGINT);
  }
}

void Fit(Item& item, bool wide) {
  if (item->GetExpressionClass() == ExpressionClass::CONSTANT) return FitLiteral(item, wide);
  if (item->GetExpressionClass() != ExpressionClass::FUNCTION) return;
  const auto found = FindBatchFunction(item->Cast<duckdb::FunctionExpression>().function_name);
  if (found.gives == "INTEGER") item = Cast(std::move(item), LogicalType::INTEGER);
}

class BatchWalk final : public CheckedWalk {
 public:
  BatchWalk(std::span<const std::string> tables, std::span<const std::string> columns)
      : CheckedWalk(tables) {
    Know(tables);
    Know(columns);
  }

  // The engine here takes names in any case. To be asked after the walk.
  void CheckCase() const {
    for (const std::string& name : mentioned_) {
      if (known_.contains(name)) continue;
      const auto other = std::ranges::find_if(
          known_, [&](const std::string& known) { return StringUtil::CIEquals(known, name); });
      if (other == known_.end()) continue;
      throw duckdb::CatalogException(
          "there is no %s here, but %s: names are case-sensitive with engine: datafusion", name,
          *other);
    }
  }

 protected:
  void See(duckdb::QueryNode& node) override {
    for (const auto& [name, cte] : node.cte_map.map) {
      Know({&name, 1});
      Know(cte->aliases);
    }
    for (const auto& modifier : node.modifiers) Modifier(*modifier);
    switch (node.type) {
      case duckdb::QueryNodeType::SELECT_NODE:
        return Select(node.Cast<duckdb::SelectNode>());
      case duckdb::QueryNodeType::SET_OPERATION_NODE: {
        const auto& operation = node.Cast<duckdb::SetOperationNode>();
        const bool is_union = operation.setop_type == duckdb::SetOperationType::UNION;
        if (!is_union || !operation.setop_all) Refuse("UNION, EXCEPT or INTERSECT", kAlone);
        return;
      }
      default:
        Refuse("WITH RECURSIVE", kAlone);
    }
  }

  void See(duckdb::TableRef& ref) override {
    using duckdb::TableReferenceType;
    if (ref.sample) Refuse("a sample", kAlone);
    if (!ref.alias.empty()) Know({&ref.alias, 1});
    Know(ref.column_name_alias);
    if (ref.type == TableReferenceType::JOIN) Refuse("JOIN", kAlone);
    const bool is_input =
        ref.type == TableReferenceType::BASE_TABLE || ref.type == TableReferenceType::SUBQUERY;
    if (!is_input) Refuse("a FROM without an input", "its rows would come again with each batch");
  }

  void SeeTable(duckdb::BaseTableRef& table, bool is_cte) override {
    CheckedWalk::SeeTable(table, is_cte);
    Mention({&table.table_name, 1});
  }

  void See(ParsedExpression& expression) override {
    switch (expression.GetExpressionClass()) {
      case ExpressionClass::FUNCTION:
        return Function(expression.Cast<duckdb::FunctionExpression>());
      case ExpressionClass::CAST:
        return See(expression.Cast<duckdb::CastExpression>());
      case ExpressionClass::COLUMN_REF:
        return Mention(expression.Cast<duckdb::ColumnRefExpression>().column_names);
      case ExpressionClass::STAR:
        return See(expression.Cast<duckdb::StarExpression>());
      case ExpressionClass::COMPARISON:
      case ExpressionClass::BETWEEN:
        return FitChildren(expression, false);
      case ExpressionClass::OPERATOR:
        return FitChildren(expression, expression.GetExpressionType() ==
                                           duckdb::ExpressionType::OPERATOR_COALESCE);
      case ExpressionClass::CASE:
        return FitChildren(expression, true);
      case ExpressionClass::CONJUNCTION:
      case ExpressionClass::CONSTANT:
        return;
      case ExpressionClass::SUBQUERY:
        Refuse("a query inside of an expression", kAlone);
      case ExpressionClass::WINDOW:
        Refuse("a window (OVER)", kAlone);
      default:
        Refuse(expression.ToString(), "it is not known to mean the same in both engines");
    }
  }

 private:
  void Know(std::span<const std::string> names) { known_.insert(names.begin(), names.end()); }
  void Mention(std::span<const std::string> names) {
    mentioned_.insert(names.begin(), names.end());
  }

  static void Modifier(const duckdb::ResultModifier& modifier) {
    switch (modifier.type) {
      case duckdb::ResultModifierType::ORDER_MODIFIER:
        Refuse("ORDER BY", kQueryOrder);
      case duckdb::ResultModifierType::DISTINCT_MODIFIER:
        Refuse("DISTINCT", kAlone);
      default:
        Refuse("LIMIT", kAlone);
    }
  }

  void Select(duckdb::SelectNode& select) {
    if (select.sample) Refuse("a sample", kAlone);
    if (select.having) Refuse("HAVING", kAlone);
    if (select.qualify) Refuse("QUALIFY", kAlone);
    const bool is_grouped =
        !select.groups.group_expressions.empty() || !select.groups.grouping_sets.empty() ||
        select.aggregate_handling == duckdb::AggregateHandling::FORCE_AGGREGATES;
    if (is_grouped) Refuse("GROUP BY", kAlone);
    for (Item& item : select.select_list) {
      CheckName(*item);
      if (item->HasAlias()) {
        const std::string alias = item->GetAlias();
        Know({&alias, 1});
      }
      Fit(item, true);
    }
  }

  static void CheckName(const ParsedExpression& item) {
    const auto kind = item.GetExpressionClass();
    if (item.HasAlias() || kind == ExpressionClass::STAR) return;
    const bool is_column = kind == ExpressionClass::COLUMN_REF &&
                           item.Cast<duckdb::ColumnRefExpression>().column_names.size() <= 2;
    if (is_column) return;
    throw PermissionException(
        "with engine: datafusion every column that is computed has a name: say %s AS something",
        item.ToString());
  }

  void Function(duckdb::FunctionExpression& function) {
    const bool is_bare = function.schema.empty() || function.schema == DEFAULT_SCHEMA;
    if (!is_bare || !function.catalog.empty()) {
      throw PermissionException("a transform calls functions by their names alone: %s",
                                function.function_name);
    }
    function.function_name = StringUtil::Lower(function.function_name);
    const BatchFunction found = FindBatchFunction(function.function_name);
    if (!found.is_allowed) {
      throw PermissionException("a transform by batches (engine: datafusion) may not call %s: %s",
                                function.function_name, std::string(found.why));
    }
    CheckArguments(function);
    FitChildren(function, found.is_arithmetic);
    if (function.function_name.ends_with("trim") && function.children.size() == 1) {
      // Of all the blanks there are, DataFusion takes the plain one.
      function.children.push_back(
          duckdb::make_uniq<duckdb::ConstantExpression>(duckdb::Value(" ")));
    }
    if (found.runs_as.empty()) return;
    function.function_name = found.runs_as;
    function.is_operator = false;
  }

  static void See(duckdb::CastExpression& cast) {
    if (cast.try_cast) Refuse("TRY_CAST", "DataFusion gives NULL for other texts");
    const std::string type = StringUtil::Upper(cast.cast_type.ToString());
    if (type == "TIMESTAMP" || type == "DATETIME") cast.cast_type = LogicalType::TIMESTAMP_TZ;
  }

  void See(duckdb::StarExpression& star) {
    if (star.columns || star.expr || !star.rename_list.empty()) {
      Refuse(star.ToString(), "DataFusion has no such thing");
    }
    if (!star.relation_name.empty()) Mention({&star.relation_name, 1});
    for (const auto& column : star.exclude_list) Mention({&column.column, 1});
  }

  static void FitChildren(ParsedExpression& expression, bool wide) {
    duckdb::ParsedExpressionIterator::EnumerateChildren(expression,
                                                        [&](Item& child) { Fit(child, wide); });
  }

  std::set<std::string> known_;
  std::set<std::string> mentioned_;
};

}  // namespace

duckdb::unique_ptr<duckdb::SelectStatement> ParseBatch(const std::string& sql,
                                                       std::span<const std::string> tables,
                                                       std::span<const std::string> columns) {
  auto select = ParseSelect(sql);
  BatchWalk walk(tables, columns);
  walk.Node(*select->node);
  walk.CheckCase();
  return select;
}

}  // namespace weir::engine
