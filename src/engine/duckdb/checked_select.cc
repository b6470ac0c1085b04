#include "engine/checked_select.h"

#include <algorithm>
#include <array>
#include <duckdb.hpp>
#include <duckdb/parser/expression/function_expression.hpp>
#include <duckdb/parser/statement/select_statement.hpp>

#include "engine/duckdb/errors.h"
#include "engine/duckdb/select_walk.h"

namespace weir::engine {
namespace {

// Scalar functions that tell of the process or change something.
constexpr std::array<std::string_view, 9> kDeniedFunctions = {
    "getenv",    "current_setting",          "set_config",   "nextval", "currval", "getvariable",
    "write_log", "parse_duckdb_log_message", "current_query"};

class Check final : public CheckedWalk {
 public:
  using CheckedWalk::CheckedWalk;

 protected:
  void See(duckdb::ParsedExpression& expression) override {
    if (expression.GetExpressionClass() != duckdb::ExpressionClass::FUNCTION) return;
    const std::string name =
        duckdb::StringUtil::Lower(expression.Cast<duckdb::FunctionExpression>().function_name);
    if (std::ranges::find(kDeniedFunctions, name) != kDeniedFunctions.end()) {
      throw duckdb::PermissionException("the function %s may not be called here", name);
    }
  }
  using CheckedWalk::See;
};

}  // namespace

Result<std::string> CheckSelect(std::string_view sql, std::span<const std::string> tables) {
  return WithoutExceptions([&]() -> Result<std::string> {
    const auto select = ParseSelect(sql);
    Check(tables).Node(*select->node);
    return select->ToString();
  });
}

}  // namespace weir::engine
