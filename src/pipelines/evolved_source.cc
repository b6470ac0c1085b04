#include "pipelines/evolved_source.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "pipelines/column_names.h"
#include "pipelines/infer_read_step.h"
#include "slices/declared_columns.h"

namespace weir::pipelines {
namespace {

using Fields = std::vector<odf::DataField>;

const odf::DataField* Find(const Fields& fields, const std::string& name) {
  const auto found = std::ranges::find_if(
      fields, [&](const odf::DataField& field) { return SameColumnName(field.name, name); });
  return found == fields.end() ? nullptr : &*found;
}

bool StandByName(const odf::ReadStep& read) {
  return std::holds_alternative<odf::ReadStepJson>(read.value) ||
         std::holds_alternative<odf::ReadStepNdJson>(read.value);
}

InputFormat FormatOf(const odf::ReadStep& read) {
  if (std::holds_alternative<odf::ReadStepCsv>(read.value)) return InputFormat::kCsv;
  if (std::holds_alternative<odf::ReadStepJson>(read.value)) return InputFormat::kJson;
  if (std::holds_alternative<odf::ReadStepNdJson>(read.value)) return InputFormat::kNdJson;
  return InputFormat::kParquet;
}

}  // namespace

Result<std::optional<odf::DataSchema>> EvolvedColumns(const Context& context,
                                                      engine::Workbench& bench,
                                                      const odf::ReadStep& read,
                                                      const EvolvingInput& input) {
  ASSIGN_OR_RETURN(const auto declared, slices::DeclaredColumns(read));
  if (!declared) return std::optional<odf::DataSchema>();
  const auto* json = std::get_if<odf::ReadStepJson>(&read.value);
  if (json != nullptr && !json->sub_path.value_or("").empty()) {
    return Unimplemented("finding new columns in a part of a JSON document")
        .WithHint("declare them in the source of the dataset");
  }
  RETURN_IF_ERROR(bench.Clear());
  Fields found;
  if (FormatOf(read) == InputFormat::kParquet) {
    ASSIGN_OR_RETURN(auto schema, InferParquetSchema(bench, input.file, input.times));
    found = std::move(schema.fields);
  } else {
    ASSIGN_OR_RETURN(const odf::ReadStep inferred,
                     InferReadStep(context, bench, input.file, input.name, input.times,
                                   input.format.value_or(FormatOf(read))));
    ASSIGN_OR_RETURN(auto columns, slices::DeclaredColumns(inferred));
    found = std::move(columns).value_or(Fields());
  }
  odf::DataSchema evolved;
  bool is_new = false;
  for (odf::DataField& field : found) {
    const odf::DataField* known = Find(*declared, field.name);
    is_new = is_new || known == nullptr;
    evolved.fields.push_back(known == nullptr ? std::move(field) : *known);
  }
  for (const odf::DataField& field : *declared) {
    if (StandByName(read) && Find(evolved.fields, field.name) == nullptr) {
      evolved.fields.push_back(field);
    }
  }
  const bool is_shorter = evolved.fields.size() < declared->size();
  if (!is_new && !is_shorter) return std::optional<odf::DataSchema>();
  return std::optional(std::move(evolved));
}

odf::ReadStep WithColumns(odf::ReadStep read, const odf::DataSchema& columns) {
  std::visit(
      [&](auto& step) {
        if constexpr (requires { step.ddl_schema; }) {
          step.schema = columns;
          step.ddl_schema.reset();
        }
      },
      read.value);
  return read;
}

}  // namespace weir::pipelines
