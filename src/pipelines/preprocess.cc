#include "pipelines/preprocess.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vector>

#include "engine/checked_select.h"
#include "engine/sql_text.h"
#include "odf/chain.h"

namespace weir::pipelines {
namespace {

// Not a name that a user's query can mean: a step's alias is one it gave itself.
constexpr const char* kResult = "preprocessed rows";

Error InStep(Error error, const std::string& step) {
  error.message = fmt::format("preprocess, step {}: {}", step, error.message);
  return error;
}

}  // namespace

Result<std::string> Preprocess(const Context& context, engine::Workbench& bench,
                               const std::optional<odf::Transform>& preprocess) {
  if (!preprocess) return std::string(kInputTable);
  ASSIGN_OR_RETURN(const odf::TransformSql sql,
                   odf::NormalizeTransform(std::get<odf::TransformSql>(preprocess->value)));
  if (sql.temporal_tables && !sql.temporal_tables->empty()) {
    return Unimplemented("preprocess with temporal tables");
  }
  std::vector<std::string> tables = {kInputTable};
  for (const odf::SqlQueryStep& step : *sql.queries) {
    const std::string name = step.alias.value_or(kResult);
    auto checked = engine::CheckSelect(step.query, tables);
    if (!checked) {
      return InStep(std::move(checked).error(), step.alias.value_or("last"))
          .WithHint(fmt::format("it may read {}", fmt::join(tables, ", ")));
    }
    const Status made = bench.Execute(
        context, fmt::format("CREATE VIEW {} AS {}", engine::Identifier(name), *checked));
    if (!made) return InStep(made.error(), step.alias.value_or("last"));
    tables.push_back(name);
  }
  return tables.back();
}

}  // namespace weir::pipelines
