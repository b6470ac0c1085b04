#include "engine/duckdb/batch_functions.h"

#include <cmath>
#include <concepts>
#include <duckdb/catalog/catalog.hpp>
#include <duckdb/execution/expression_executor.hpp>
#include <duckdb/parser/parsed_data/create_scalar_function_info.hpp>
#include <duckdb/parser/statement/select_statement.hpp>
#include <duckdb/planner/expression/bound_function_expression.hpp>
#include <duckdb/planner/planner.hpp>
#include <limits>

#include "engine/duckdb/batch_types.h"
#include "engine/duckdb/select_walk.h"

namespace weir::engine {
namespace {

using duckdb::LogicalType;
using duckdb::LogicalTypeId;

template <std::integral Value>
void CheckDivisor(Value left, Value right) {
  if (right == 0) throw duckdb::InvalidInputException("division by zero");
  if constexpr (std::signed_integral<Value>) {
    if (right == -1 && left == std::numeric_limits<Value>::min()) {
      throw duckdb::OutOfRangeException("the result of a division is too large for its type");
    }
  }
}

// What processors make of 0 / 0 differs in the sign; this is what most of them make.
template <std::floating_point Value>
Value Settled(Value left, Value right, Value result) {
  const bool is_made = std::isnan(result) && !std::isnan(left) && !std::isnan(right);
  return is_made ? -std::numeric_limits<Value>::quiet_NaN() : result;
}

struct Divide {
  template <std::integral Value>
  static Value Of(Value left, Value right) {
    CheckDivisor(left, right);
    return static_cast<Value>(left / right);
  }
  template <std::floating_point Value>
  static Value Of(Value left, Value right) {
    return Settled(left, right, left / right);
  }
};

struct Modulo {
  template <std::integral Value>
  static Value Of(Value left, Value right) {
    CheckDivisor(left, right);
    return static_cast<Value>(left % right);
  }
  template <std::floating_point Value>
  static Value Of(Value left, Value right) {
    return Settled(left, right, std::fmod(left, right));
  }
};

template <typename Operation, typename Value>
void Run(duckdb::DataChunk& arguments, duckdb::ExpressionState& /*state*/, duckdb::Vector& result) {
  duckdb::BinaryExecutor::Execute<Value, Value, Value>(
      arguments.data[0], arguments.data[1], result, arguments.size(),
      [](Value left, Value right) { return Operation::Of(left, right); });
}

template <typename Operation>
duckdb::scalar_function_t RunOf(const LogicalType& type) {
  switch (type.id()) {
    case LogicalTypeId::TINYINT:
      return Run<Operation, std::int8_t>;
    case LogicalTypeId::SMALLINT:
      return Run<Operation, std::int16_t>;
    case LogicalTypeId::INTEGER:
      return Run<Operation, std::int32_t>;
    case LogicalTypeId::BIGINT:
      return Run<Operation, std::int64_t>;
    case LogicalTypeId::UTINYINT:
      return Run<Operation, std::uint8_t>;
    case LogicalTypeId::USMALLINT:
      return Run<Operation, std::uint16_t>;
    case LogicalTypeId::UINTEGER:
      return Run<Operation, std::uint32_t>;
    case LogicalTypeId::UBIGINT:
      return Run<Operation, std::uint64_t>;
    case LogicalTypeId::FLOAT:
      return Run<Operation, float>;
    case LogicalTypeId::DOUBLE:
      return Run<Operation, double>;
    default:
      throw duckdb::BinderException(
          "with engine: datafusion %s is not divided: cast it to DOUBLE or BIGINT",
          type.ToString());
  }
}

template <typename Operation>
duckdb::unique_ptr<duckdb::FunctionData> Bind(
    duckdb::ClientContext& /*context*/, duckdb::ScalarFunction& function,
    duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& arguments) {
  LogicalType left = arguments[0]->return_type;
  LogicalType right = arguments[1]->return_type;
  if (left.id() == LogicalTypeId::SQLNULL) left = right;
  if (right.id() == LogicalTypeId::SQLNULL) right = left;
  RunOf<Operation>(left);
  RunOf<Operation>(right);
  const LogicalType type = LogicalType::ForceMaxLogicalType(left, right);
  function.SetFunctionCallback(RunOf<Operation>(type));
  function.arguments = {type, type};
  function.SetReturnType(type);
  return nullptr;
}

void SayYes(duckdb::DataChunk& /*arguments*/, duckdb::ExpressionState& /*state*/,
            duckdb::Vector& result) {
  result.Reference(duckdb::Value::BOOLEAN(true));
}

duckdb::unique_ptr<duckdb::FunctionData> BindTypes(
    duckdb::ClientContext& context, duckdb::ScalarFunction& /*function*/,
    duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& arguments) {
  if (!arguments[0]->IsFoldable()) throw duckdb::BinderException("batch_types takes a literal");
  const auto sql = duckdb::ExpressionExecutor::EvaluateScalar(context, *arguments[0]);
  duckdb::Planner planner(context);
  planner.CreatePlan(ParseSelect(sql.ToString()));
  CheckBatchTypes(*planner.plan);
  return nullptr;
}

void Add(duckdb::Connection& connection, duckdb::ScalarFunction function) {
  duckdb::CreateScalarFunctionInfo info(std::move(function));
  info.on_conflict = duckdb::OnCreateConflict::ALTER_ON_CONFLICT;
  duckdb::Catalog::GetSystemCatalog(*connection.context).CreateFunction(*connection.context, info);
}

template <typename Operation>
void Create(duckdb::Connection& connection, const std::string& name) {
  duckdb::ScalarFunction function(name, {LogicalType::ANY, LogicalType::ANY}, LogicalType::ANY,
                                  Run<Operation, std::int64_t>, Bind<Operation>);
  function.SetFallible();
  Add(connection, std::move(function));
}

}  // namespace

void RegisterBatchFunctions(duckdb::Connection& connection) {
  connection.BeginTransaction();
  Create<Divide>(connection, "batch_divide");
  Create<Modulo>(connection, "batch_modulo");
  Add(connection, {"batch_types", {LogicalType::VARCHAR}, LogicalType::BOOLEAN, SayYes, BindTypes});
  connection.Commit();
}

}  // namespace weir::engine
