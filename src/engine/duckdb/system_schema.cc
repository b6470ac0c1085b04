#include "engine/duckdb/system_schema.h"

#include <duckdb/parser/expression/star_expression.hpp>
#include <duckdb/parser/query_node/select_node.hpp>
#include <duckdb/parser/statement/select_statement.hpp>
#include <duckdb/parser/tableref/basetableref.hpp>
#include <duckdb/parser/tableref/subqueryref.hpp>

#include "engine/duckdb/errors.h"
#include "engine/duckdb/governed_catalog.h"
#include "engine/duckdb/statement_state.h"

namespace weir::engine {

duckdb::unique_ptr<duckdb::TableRef> FindInSystemSchema(
    duckdb::ClientContext& context, duckdb::ReplacementScanInput& input,
    duckdb::optional_ptr<duckdb::ReplacementScanData> /*data*/) {
  const bool is_asked_for =
      duckdb::StringUtil::CIEquals(input.catalog_name, kSystemSchema) && input.schema_name.empty();
  const auto state = context.registered_state->Get<StatementState>(StatementState::kKey);
  if (!is_asked_for || !state || state->resolver() == nullptr) return nullptr;
  const auto has = state->resolver()->Outline({kSystemSchema, input.table_name});
  if (!has) ThrowIntoDuckDb(has.error());
  if (!*has) return nullptr;
  auto table = duckdb::make_uniq<duckdb::BaseTableRef>();
  table->catalog_name = kCatalogName;
  table->schema_name = kSystemSchema;
  table->table_name = input.table_name;
  auto select = duckdb::make_uniq<duckdb::SelectNode>();
  select->select_list.push_back(duckdb::make_uniq<duckdb::StarExpression>());
  select->from_table = std::move(table);
  auto statement = duckdb::make_uniq<duckdb::SelectStatement>();
  statement->node = std::move(select);
  return duckdb::make_uniq<duckdb::SubqueryRef>(std::move(statement));
}

}  // namespace weir::engine
