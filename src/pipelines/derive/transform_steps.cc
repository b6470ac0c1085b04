#include "pipelines/derive/transform_steps.h"

#include <variant>

#include "odf/chain.h"

namespace weir::pipelines {

Result<std::vector<engine::TransformStep>> StepsOf(const odf::SetTransform& transform) {
  const auto& sql = std::get<odf::TransformSql>(transform.transform.value);
  if (sql.engine != "duckdb") {
    return Unimplemented("transforms with the engine {}", sql.engine)
        .WithHint("engine: duckdb is the one that runs here");
  }
  if (sql.temporal_tables && !sql.temporal_tables->empty()) {
    return Unimplemented("transforms with temporal tables");
  }
  ASSIGN_OR_RETURN(const odf::TransformSql normal, odf::NormalizeTransform(sql));
  std::vector<engine::TransformStep> steps;
  for (const odf::SqlQueryStep& step : *normal.queries) {
    steps.push_back({.alias = step.alias.value_or(""), .sql = step.query});
  }
  return steps;
}

}  // namespace weir::pipelines
