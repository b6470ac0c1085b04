#include "engine/batch_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <duckdb.hpp>
#include <duckdb/parser/statement/select_statement.hpp>
#include <vector>

#include "engine/duckdb/batch_select.h"
#include "engine/duckdb/errors.h"
#include "engine/duckdb/query_error.h"
#include "engine/sql_text.h"

namespace weir::engine {
namespace {

// What the steps of a transform may read, one after the other.
class Names {
 public:
  Status AddInputs(std::span<const std::string> inputs) {
    for (const std::string& input : inputs) RETURN_IF_ERROR(AddTable(input));
    return Ok();
  }

  /// The SQL that runs in place of a step's.
  Result<std::string> Fit(const TransformStep& step) const {
    return WithoutExceptions([&]() -> Result<std::string> {
      return ParseBatch(step.sql, tables_, columns_)->ToString();
    });
  }

  Status AddTable(const std::string& alias) {
    // Names with blanks are ours.
    if (alias.empty() || alias.find(' ') != std::string::npos) {
      return Invalid("the alias of an input or step is empty or has a blank: {}", alias);
    }
    const bool is_taken = std::ranges::any_of(tables_, [&](const std::string& table) {
      return duckdb::StringUtil::CIEquals(table, alias);
    });
    if (is_taken) return Invalid("two inputs or steps of the transform are called {}", alias);
    tables_.push_back(alias);
    return Ok();
  }

  void AddColumns(const std::vector<Column>& columns) {
    for (const Column& column : columns) columns_.push_back(column.name);
  }

 private:
  std::vector<std::string> tables_;
  std::vector<std::string> columns_;
};

Status AddStep(const Context& context, Workbench& bench, const TransformStep& step, Names& names) {
  ASSIGN_OR_RETURN(const std::string sql, names.Fit(step));
  if (!step.alias.empty()) RETURN_IF_ERROR(names.AddTable(step.alias));
  const std::string name = step.alias.empty() ? kBatchResult : step.alias;
  const Status made =
      bench.Execute(context, fmt::format("CREATE VIEW {} AS {}", Identifier(name), sql));
  if (!made) return InQuery(made.error());
  const auto checked = bench.Describe(fmt::format("SELECT batch_types({})", Literal(sql)));
  if (!checked) return InQuery(checked.error());
  ASSIGN_OR_RETURN(const auto columns, bench.Describe("SELECT * FROM " + Identifier(name)));
  names.AddColumns(columns);
  return Ok();
}

}  // namespace

Status PlanBatch(const Context& context, Workbench& bench, std::span<const TransformStep> steps,
                 std::span<const std::string> inputs) {
  Names names;
  RETURN_IF_ERROR(names.AddInputs(inputs));
  for (const std::string& input : inputs) {
    ASSIGN_OR_RETURN(const auto columns, bench.Describe("SELECT * FROM " + Identifier(input)));
    names.AddColumns(columns);
  }
  for (const TransformStep& step : steps) {
    RETURN_IF_ERROR(AddStep(context, bench, step, names));
  }
  return Ok();
}

Status CheckBatch(std::span<const TransformStep> steps, std::span<const std::string> inputs) {
  Names names;
  RETURN_IF_ERROR(names.AddInputs(inputs));
  for (const TransformStep& step : steps) {
    if (const auto fit = names.Fit(step); !fit) return fit.error();
    if (!step.alias.empty()) RETURN_IF_ERROR(names.AddTable(step.alias));
  }
  return Ok();
}

}  // namespace weir::engine
