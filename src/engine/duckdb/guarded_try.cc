#include "engine/duckdb/guarded_try.h"

#include <duckdb/function/lambda_functions.hpp>
#include <duckdb/optimizer/optimizer_extension.hpp>
#include <duckdb/planner/expression/bound_function_expression.hpp>
#include <duckdb/planner/expression/bound_operator_expression.hpp>
#include <duckdb/planner/logical_operator_visitor.hpp>

namespace weir::engine {
namespace {

using duckdb::Expression;
using duckdb::ExpressionType;
using duckdb::unique_ptr;

void GiveArgument(duckdb::DataChunk& arguments, duckdb::ExpressionState&, duckdb::Vector& result) {
  result.Reference(arguments.data[0]);
}

unique_ptr<Expression> Guarded(unique_ptr<Expression> tried) {
  const duckdb::LogicalType type = tried->return_type;
  duckdb::vector<unique_ptr<Expression>> arguments;
  arguments.push_back(std::move(tried));
  return duckdb::make_uniq<duckdb::BoundFunctionExpression>(
      type, duckdb::ScalarFunction("tried", {type}, type, GiveArgument), std::move(arguments),
      nullptr);
}

// The base class goes on to the children of what is replaced in place.
class Guard final : public duckdb::LogicalOperatorVisitor {
 public:
  using LogicalOperatorVisitor::VisitOperator;

 protected:
  unique_ptr<Expression> VisitReplace(duckdb::BoundOperatorExpression& expression,
                                      unique_ptr<Expression>*) override {
    if (expression.GetExpressionType() == ExpressionType::OPERATOR_TRY) {
      expression.children[0] = Guarded(std::move(expression.children[0]));
    }
    return nullptr;
  }

  // What a lambda evaluates is no child of the function that it is given to.
  unique_ptr<Expression> VisitReplace(duckdb::BoundFunctionExpression& expression,
                                      unique_ptr<Expression>*) override {
    auto* lambda = dynamic_cast<duckdb::ListLambdaBindData*>(expression.bind_info.get());
    if (lambda != nullptr && lambda->lambda_expr) VisitExpression(&lambda->lambda_expr);
    return nullptr;
  }
};

void GuardPlan(duckdb::OptimizerExtensionInput&, unique_ptr<duckdb::LogicalOperator>& plan) {
  Guard().VisitOperator(*plan);
}

}  // namespace

void RegisterGuardedTry(duckdb::DBConfig& config) {
  duckdb::OptimizerExtension extension;
  extension.pre_optimize_function = GuardPlan;
  duckdb::OptimizerExtension::Register(config, std::move(extension));
}

}  // namespace weir::engine
