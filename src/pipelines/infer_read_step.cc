#include "pipelines/infer_read_step.h"

#include <arrow/array.h>
#include <arrow/record_batch.h>
#include <fmt/format.h>

#include <array>
#include <memory>
#include <optional>
#include <span>

#include "engine/sql_text.h"
#include "pipelines/reader_error.h"

namespace weir::pipelines {
namespace {

// `.json` is also what files of lines are called.
Result<InputFormat> FormatOf(std::string_view name, const ReadableFile& file) {
  std::string start(4096, '\0');
  ASSIGN_OR_RETURN(const std::size_t count, file.Read(0, std::as_writable_bytes(std::span(start))));
  start.resize(count);
  const auto named = FormatOfName(name);
  if (named && *named != InputFormat::kJson) return *named;
  if (start.starts_with("PAR1")) return InputFormat::kParquet;
  const std::size_t first = start.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return Invalid("{} is empty", name);
  if (start[first] == '[') return InputFormat::kJson;
  if (start[first] == '{') return InputFormat::kNdJson;
  if (named) return Invalid("{} is no JSON", name);
  return InputFormat::kCsv;
}

// The one row of a query of texts; nulls are empty.
Result<std::vector<std::string>> OneRow(const Context& context, engine::Workbench& bench,
                                        const std::string& sql) {
  ASSIGN_OR_RETURN(const auto rows, bench.Query(context, sql));
  ASSIGN_OR_RETURN(const auto batch, rows->Next());
  if (!batch || batch->num_rows() != 1) return Internal("one row was expected of {}", sql);
  std::vector<std::string> values;
  for (const auto& column : batch->columns()) {
    values.push_back(static_cast<const arrow::StringArray&>(*column).GetString(0));
  }
  return values;
}

Result<odf::DataSchema> SchemaOf(engine::Workbench& bench, const std::string& reader,
                                 slices::TimeRule times) {
  ASSIGN_OR_RETURN(const auto columns, bench.Describe("SELECT * FROM " + reader));
  odf::DataSchema schema;
  for (const engine::Column& column : columns) {
    const odf::DataType text{odf::DataTypeString{}};
    auto type = slices::TypeFromSql(column.name, column.type);
    const bool is_kept = type && slices::CheckHashable(column.name, *type);
    schema.fields.push_back({.name = column.name,
                             .type = {odf::DataTypeOption{
                                 .inner = is_kept ? slices::WithTimeRule(*type, times) : text}}});
  }
  return schema;
}

class Inference {
 public:
  Inference(const Context& context, engine::Workbench& bench, std::string path,
            slices::TimeRule times)
      : context_(context), bench_(bench), path_(engine::Literal(path)), times_(times) {}

  Result<odf::ReadStep> Csv() {
    ASSIGN_OR_RETURN(const auto dialect,
                     OneRow(context_, bench_,
                            fmt::format("SELECT Delimiter::VARCHAR, Quote::VARCHAR, "
                                        "Escape::VARCHAR, HasHeader::VARCHAR FROM sniff_csv({})",
                                        path_)));
    odf::ReadStepCsv step;
    const auto said = [](const std::string& text) { return text.size() == 1; };
    if (said(dialect[0]) && dialect[0] != ",") step.separator = dialect[0];
    if (said(dialect[1]) && dialect[1] != "\"") step.quote = dialect[1];
    if (said(dialect[2]) && dialect[2] != "\"" && dialect[2] != "\\") step.escape = dialect[2];
    step.header = dialect[3] == "true";
    ASSIGN_OR_RETURN(step.schema, SchemaOf(bench_, fmt::format("read_csv({})", path_), times_));
    return odf::ReadStep{std::move(step)};
  }

  template <typename Step>
  Result<odf::ReadStep> Json(std::string_view format) {
    Step step;
    ASSIGN_OR_RETURN(
        step.schema,
        SchemaOf(bench_, fmt::format("read_json({}, format = '{}', records = true)", path_, format),
                 times_));
    return odf::ReadStep{std::move(step)};
  }

 private:
  const Context& context_;
  engine::Workbench& bench_;
  std::string path_;
  slices::TimeRule times_;
};

}  // namespace

Result<odf::ReadStep> InferReadStep(const Context& context, engine::Workbench& bench,
                                    std::shared_ptr<const ReadableFile> file,
                                    const std::string& name, slices::TimeRule times,
                                    std::optional<InputFormat> format) {
  RETURN_IF_ERROR(bench.Clear());
  if (!format) {
    ASSIGN_OR_RETURN(format, FormatOf(name, *file));
  }
  // A Parquet file says itself what it holds.
  if (*format == InputFormat::kParquet) return odf::ReadStep{odf::ReadStepParquet{}};
  ASSIGN_OR_RETURN(const std::string path, bench.AddFile(std::move(file)));
  Inference inference(context, bench, path, times);
  auto step = *format == InputFormat::kCsv ? inference.Csv()
              : *format == InputFormat::kJson
                  ? inference.Json<odf::ReadStepJson>("array")
                  : inference.Json<odf::ReadStepNdJson>("newline_delimited");
  if (step) return step;
  Error error = ExplainReaderError(step.error(), path, name);
  if (*format == InputFormat::kNdJson && error.hint.empty()) {
    error.hint =
        "each line is a row; of one object around a list of rows, declare the source with "
        "read: {kind: Json, subPath: THE_LIST}";
  }
  return error;
}

Result<odf::DataSchema> InferParquetSchema(engine::Workbench& bench,
                                           std::shared_ptr<const ReadableFile> file,
                                           slices::TimeRule times) {
  RETURN_IF_ERROR(bench.Clear());
  ASSIGN_OR_RETURN(const std::string path, bench.AddFile(std::move(file)));
  return SchemaOf(bench, fmt::format("read_parquet({})", engine::Literal(path)), times);
}

}  // namespace weir::pipelines
