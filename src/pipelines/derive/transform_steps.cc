#include "pipelines/derive/transform_steps.h"

#include <variant>

#include "odf/chain.h"

namespace weir::pipelines {

using engine::TransformReads;

std::optional<TransformReads> ReadsOf(const odf::SetTransform& transform) {
  const auto& sql = std::get<odf::TransformSql>(transform.transform.value);
  if (sql.engine == "duckdb") return TransformReads::kStates;
  if (sql.engine == "datafusion") return TransformReads::kBatches;
  return std::nullopt;
}

Result<RunnableTransform> RunnableOf(const odf::SetTransform& transform) {
  const auto& sql = std::get<odf::TransformSql>(transform.transform.value);
  const auto reads = ReadsOf(transform);
  if (!reads) {
    return Unimplemented("transforms with the engine {}", sql.engine)
        .WithHint("the engines duckdb and datafusion run here");
  }
  if (sql.temporal_tables && !sql.temporal_tables->empty()) {
    return Unimplemented("transforms with temporal tables");
  }
  ASSIGN_OR_RETURN(const odf::TransformSql normal, odf::NormalizeTransform(sql));
  RunnableTransform runnable{.reads = *reads};
  for (const odf::SqlQueryStep& step : *normal.queries) {
    runnable.steps.push_back({.alias = step.alias.value_or(""), .sql = step.query});
  }
  return runnable;
}

}  // namespace weir::pipelines
