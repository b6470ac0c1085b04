#include "engine/column_lineage.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <duckdb.hpp>
#include <duckdb/parser/statement/select_statement.hpp>
#include <map>

#include "engine/duckdb/batch_select.h"
#include "engine/duckdb/errors.h"
#include "engine/duckdb/transform_select.h"
#include "engine/sql_text.h"

namespace weir::engine {
namespace {

// Inputs and steps are empty tables; the views over them have the names that queries say, so that
// nothing but their columns can be read.
class Binding {
 public:
  Binding(const Context& context, Workbench& bench) : context_(context), bench_(bench) {}

  Status AddInput(const LineageInput& input) {
    std::vector<std::string> columns;
    QueryLineage lineage{.columns = {}, .rows = {{.table = input.name}}};
    for (const Column& column : input.columns) {
      columns.push_back(fmt::format("{} {}", Identifier(column.name), column.type));
      lineage.columns.push_back(
          {.name = column.name, .sources = {{.table = input.name, .column = column.name}}});
      columns_.push_back(column.name);
    }
    const std::string table = NextTable(std::move(lineage));
    RETURN_IF_ERROR(bench_.Execute(context_, fmt::format("CREATE TABLE {} ({})", Identifier(table),
                                                         fmt::join(columns, ", "))));
    return Show(input.name, table);
  }

  Result<QueryLineage> AddStep(const std::string& alias, const std::string& sql) {
    ASSIGN_OR_RETURN(const QueryLineage direct, bench_.Lineage(context_, sql));
    QueryLineage lineage = Through(direct, tables_);
    if (alias.empty()) return lineage;
    for (const ColumnLineage& column : lineage.columns) columns_.push_back(column.name);
    const std::string table = NextTable(lineage);
    RETURN_IF_ERROR(bench_.Execute(
        context_, fmt::format("CREATE TABLE {} AS {} WITH NO DATA", Identifier(table), sql)));
    RETURN_IF_ERROR(Show(alias, table));
    return lineage;
  }

  // What runs in place of a step's SQL.
  Result<std::string> Checked(const std::string& sql, TransformReads reads) const {
    return WithoutExceptions([&]() -> Result<std::string> {
      const auto parsed = reads == TransformReads::kStates ? ParseTransform(sql, names_)
                                                           : ParseBatch(sql, names_, columns_);
      return parsed->ToString();
    });
  }

 private:
  std::string NextTable(QueryLineage lineage) {
    const std::string name = fmt::format("columns of {}", tables_.size());
    tables_.emplace(name, std::move(lineage));
    return name;
  }

  // A step may have the name of what it reads, which nobody after it can then read.
  Status Show(const std::string& name, const std::string& table) {
    names_.push_back(name);
    return bench_.Execute(context_, fmt::format("CREATE OR REPLACE VIEW {} AS SELECT * FROM {}",
                                                Identifier(name), Identifier(table)));
  }

  const Context& context_;
  Workbench& bench_;
  std::map<std::string, QueryLineage> tables_;
  std::vector<std::string> names_;
  std::vector<std::string> columns_;
};

}  // namespace

Result<QueryLineage> LineageOfTransform(const Context& context, Workbench& bench,
                                        std::span<const TransformStep> steps,
                                        std::span<const LineageInput> inputs,
                                        TransformReads reads) {
  Binding binding(context, bench);
  for (const LineageInput& input : inputs) RETURN_IF_ERROR(binding.AddInput(input));
  QueryLineage lineage;
  for (const TransformStep& step : steps) {
    ASSIGN_OR_RETURN(const std::string sql, binding.Checked(step.sql, reads));
    ASSIGN_OR_RETURN(lineage, binding.AddStep(step.alias, sql));
  }
  return lineage;
}

}  // namespace weir::engine
