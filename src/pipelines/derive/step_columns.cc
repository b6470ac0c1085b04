#include "pipelines/derive/step_columns.h"

#include <algorithm>

#include "odf/system_names.h"

namespace weir::pipelines {
namespace {

bool IsKeptByDataset(const odf::SystemNames& names, const std::string& name) {
  return name == names.offset || name == names.op || name == names.system_time ||
         name == names.event_time;
}

// Data columns of `schema` that the rows lack.
Status CheckAllGiven(const std::vector<engine::Column>& read, const odf::DataSchema& schema,
                     const odf::SystemNames& names) {
  for (const odf::DataField& field : schema.fields) {
    if (IsKeptByDataset(names, field.name)) continue;
    const auto given = std::ranges::find(read, field.name, &engine::Column::name);
    if (given != read.end()) continue;
    return Invalid("the query lacks the column {} of the dataset", field.name)
        .WithHint("columns never go: give it, as NULL where it has no value");
  }
  return Ok();
}

bool Has(const odf::DataSchema& schema, const std::string& name) {
  return std::ranges::find(schema.fields, name, &odf::DataField::name) != schema.fields.end();
}

}  // namespace

Result<StepColumns> ColumnsOfStep(const std::vector<engine::Column>& read, IngestRequest request,
                                  bool may_grow) {
  StepColumns step;
  const std::optional<odf::DataSchema> schema = request.schema;
  if (schema) RETURN_IF_ERROR(CheckAllGiven(read, *schema, odf::SystemNames(request.vocab)));
  request.evolves = may_grow;
  ASSIGN_OR_RETURN(step.columns, SortOutColumns(read, std::nullopt, request));
  if (!schema) return step;
  for (const InputColumn& column : step.columns.data) {
    if (Has(*schema, column.name)) continue;
    step.grown.push_back(
        {.name = column.name, .type = {odf::DataTypeOption{.inner = odf::DataType(column.type)}}});
  }
  return step;
}

}  // namespace weir::pipelines
