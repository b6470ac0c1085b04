#include "engine/duckdb/batch_types.h"

#include <algorithm>
#include <array>
#include <duckdb/planner/expression/bound_cast_expression.hpp>
#include <duckdb/planner/expression/bound_function_expression.hpp>
#include <duckdb/planner/logical_operator_visitor.hpp>
#include <string_view>

namespace weir::engine {
namespace {

using duckdb::LogicalType;
using duckdb::LogicalTypeId;

bool IsFloat(const LogicalType& type) {
  return type.id() == LogicalTypeId::FLOAT || type.id() == LogicalTypeId::DOUBLE;
}
bool IsDecimal(const LogicalType& type) { return type.id() == LogicalTypeId::DECIMAL; }
bool IsWhole(const LogicalType& type) {
  return type.IsIntegral() && type.id() != LogicalTypeId::HUGEINT &&
         type.id() != LogicalTypeId::UHUGEINT;
}
bool IsInstant(const LogicalType& type) { return type.id() == LogicalTypeId::TIMESTAMP_TZ; }
bool IsTime(const LogicalType& type) {
  return IsInstant(type) || type.id() == LogicalTypeId::TIMESTAMP ||
         type.id() == LogicalTypeId::TIMESTAMP_MS || type.id() == LogicalTypeId::TIMESTAMP_SEC ||
         type.id() == LogicalTypeId::TIMESTAMP_NS;
}
bool IsDate(const LogicalType& type) { return type.id() == LogicalTypeId::DATE; }
bool IsText(const LogicalType& type) { return type.id() == LogicalTypeId::VARCHAR; }
bool IsBoolean(const LogicalType& type) { return type.id() == LogicalTypeId::BOOLEAN; }

bool IsCallOf(const duckdb::Expression& expression, std::initializer_list<std::string_view> names) {
  if (expression.GetExpressionClass() != duckdb::ExpressionClass::BOUND_FUNCTION) return false;
  const auto& name = expression.Cast<duckdb::BoundFunctionExpression>().function.name;
  return std::ranges::find(names, std::string_view(name)) != names.end();
}

// Whether the value is whole, whatever its type.
bool IsRounded(const duckdb::Expression& expression) {
  return IsCallOf(expression, {"round", "floor", "ceil", "trunc"});
}

class Check final : public duckdb::LogicalOperatorVisitor {
 public:
  void VisitExpression(duckdb::unique_ptr<duckdb::Expression>* expression) override {
    const auto kind = (*expression)->GetExpressionClass();
    if (kind == duckdb::ExpressionClass::BOUND_CAST) {
      Cast((*expression)->Cast<duckdb::BoundCastExpression>());
    }
    if (kind == duckdb::ExpressionClass::BOUND_FUNCTION) {
      Function((*expression)->Cast<duckdb::BoundFunctionExpression>());
    }
    VisitExpressionChildren(**expression);
  }

 private:
  [[noreturn]] static void Refuse(const std::string& what, const std::string& why) {
    throw duckdb::PermissionException(
        "a transform by batches (engine: datafusion) may not use %s: %s", what, why);
  }

  static void Cast(const duckdb::BoundCastExpression& cast) {
    const LogicalType& from = cast.child->return_type;
    const LogicalType& to = cast.return_type;
    if (from == to || from.id() == LogicalTypeId::SQLNULL) return;
    if (IsWhole(to) && (IsFloat(from) || IsDecimal(from)) && !IsRounded(*cast.child)) {
      Refuse(Named(from, to), "DataFusion cuts what this engine rounds; say round, trunc or floor");
    }
    if (!IsSame(from, to, *cast.child)) {
      Refuse(Named(from, to), "DataFusion makes something else of it, or may");
    }
  }

  static std::string Named(const LogicalType& from, const LogicalType& to) {
    return "a cast of " + from.ToString() + " to " + to.ToString();
  }

  // Casts that give the same in both engines.
  static bool IsSame(const LogicalType& from, const LogicalType& to,
                     const duckdb::Expression& child) {
    const bool is_number = IsWhole(from) || IsFloat(from) || IsDecimal(from);
    if (IsText(to)) return IsWhole(from) || IsDecimal(from) || IsBoolean(from) || IsDate(from);
    if (IsWhole(to)) return is_number || IsBoolean(from) || IsText(from);
    if (IsFloat(to)) return is_number || IsText(from);
    if (IsDecimal(to)) return is_number || IsText(from);
    if (IsBoolean(to)) return IsWhole(from) || IsText(from);
    if (IsDate(to)) return IsTime(from) || IsText(from);
    // Without a zone the engine drops what a text says of it.
    if (IsTime(to)) return IsTime(from) || IsDate(from) || (IsText(from) && IsInstant(to));
    if (to.id() == LogicalTypeId::INTERVAL) return child.IsFoldable();
    return false;
  }

  static void Function(const duckdb::BoundFunctionExpression& call) {
    if (IsCallOf(call, {"+", "-", "*"})) return Arithmetic(call);
    const bool wants_float = IsCallOf(call, {"floor", "ceil", "trunc"});
    if (wants_float && IsDecimal(call.children[0]->return_type)) {
      Refuse(call.function.name + " of a decimal", "its result is of another type in DataFusion");
    }
    if (IsCallOf(call, {"trunc"}) && IsWhole(call.children[0]->return_type)) {
      Refuse("trunc of a whole number", "its result is of another type in DataFusion");
    }
  }

  static void Arithmetic(const duckdb::BoundFunctionExpression& call) {
    const LogicalType& result = call.return_type;
    if (IsWhole(result) || IsFloat(result)) {
      const bool is_plain = std::ranges::all_of(call.children, [](const auto& child) {
        return IsWhole(child->return_type) || IsFloat(child->return_type) ||
               child->return_type.id() == LogicalTypeId::SQLNULL;
      });
      if (is_plain) return;
    }
    const bool has_interval = std::ranges::any_of(call.children, [](const auto& child) {
      return child->return_type.id() == LogicalTypeId::INTERVAL;
    });
    if (IsTime(result) && has_interval && !IsDate(call.children[0]->return_type)) return;
    std::string types;
    for (const auto& child : call.children) {
      types += (types.empty() ? "" : " and ") + child->return_type.ToString();
    }
    Refuse(call.function.name + " of " + types,
           "its result is another one in DataFusion; cast to DOUBLE, BIGINT or TIMESTAMP");
  }
};

}  // namespace

void CheckBatchTypes(duckdb::LogicalOperator& plan) {
  Check check;
  check.VisitOperator(plan);
}

}  // namespace weir::engine
