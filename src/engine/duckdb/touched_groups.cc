#include "engine/duckdb/touched_groups.h"

#include <duckdb/parser/expression/columnref_expression.hpp>
#include <duckdb/parser/expression/comparison_expression.hpp>
#include <duckdb/parser/expression/conjunction_expression.hpp>
#include <duckdb/parser/tableref/basetableref.hpp>
#include <duckdb/parser/tableref/joinref.hpp>

#include "engine/delta_plan.h"

namespace weir::engine {
namespace {

constexpr const char* kAlias = "touched groups";

}  // namespace

std::string TouchedKeyName(std::size_t number) { return "touched key " + std::to_string(number); }

duckdb::unique_ptr<duckdb::TableRef> OnlyTouched(
    duckdb::unique_ptr<duckdb::TableRef> from,
    const duckdb::vector<duckdb::unique_ptr<duckdb::ParsedExpression>>& groups,
    const std::string& step) {
  auto semi = duckdb::make_uniq<duckdb::JoinRef>();
  semi->type = duckdb::JoinType::SEMI;
  semi->left = std::move(from);
  auto keys = duckdb::make_uniq<duckdb::BaseTableRef>();
  keys->table_name = NameOf(step, Version::kTouched);
  keys->alias = kAlias;
  semi->right = std::move(keys);
  duckdb::vector<duckdb::unique_ptr<duckdb::ParsedExpression>> same;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    same.push_back(duckdb::make_uniq<duckdb::ComparisonExpression>(
        duckdb::ExpressionType::COMPARE_NOT_DISTINCT_FROM, groups[i]->Copy(),
        duckdb::make_uniq<duckdb::ColumnRefExpression>(TouchedKeyName(i), kAlias)));
  }
  semi->condition = duckdb::make_uniq<duckdb::ConjunctionExpression>(
      duckdb::ExpressionType::CONJUNCTION_AND, std::move(same));
  return semi;
}

}  // namespace weir::engine
