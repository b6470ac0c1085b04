#include "pipelines/testing/test_dataset.h"

#include <arrow/api.h>
#include <arrow/io/file.h>
#include <parquet/arrow/writer.h>

#include <boost/json.hpp>

#include "base/check.h"
#include "base/files.h"
#include "odf/json.h"

namespace weir::pipelines {
namespace {

std::string SqlType(const arrow::DataType& type) {
  switch (type.id()) {
    case arrow::Type::INT32:
      return "INTEGER";
    case arrow::Type::INT64:
      return "BIGINT";
    case arrow::Type::DOUBLE:
      return "DOUBLE";
    case arrow::Type::BOOL:
      return "BOOLEAN";
    case arrow::Type::STRING:
      return "VARCHAR";
    case arrow::Type::DATE32:
      return "DATE";
    case arrow::Type::TIMESTAMP:
      return "TIMESTAMP WITH TIME ZONE";
    default:
      return type.ToString();  // no test merges with such a column
  }
}

std::string TextOf(const arrow::Array& values, std::int64_t row) {
  return values.IsNull(row) ? "null" : values.GetScalar(row).ValueOrDie()->ToString();
}

std::string TextOf(const arrow::RecordBatch& batch) {
  std::string text;
  for (std::int64_t row = 0; row < batch.num_rows(); ++row) {
    for (const auto& column : batch.columns()) text += TextOf(*column, row) + " ";
    text.back() = '\n';
  }
  return text;
}

}  // namespace

TestDataset::TestDataset(std::string_view source) {
  boost::json::object json = boost::json::parse(source).as_object();
  json["kind"] = "AddPushSource";
  json["sourceName"] = "default";
  const odf::MetadataEvent event = odf::MetadataEventFromJson(json).value();
  const auto& push = std::get<odf::AddPushSource>(event.value);
  request.read = push.read;
  request.preprocess = push.preprocess;
  request.merge = push.merge;
  request.input_name = "input.txt";
  request.event_time = ParseTimestamp("2050-01-01T12:00:00Z").value();
  request.scratch = directory_.path();
  UseBench({});
}

void TestDataset::UseBench(engine::EngineOptions options) {
  options.spill_directory = directory_ / "spill";
  bench_ = engine::OpenDuckDbWorkbench(options).value();
}

Result<std::string> TestDataset::Ingest(std::string_view content) {
  const std::filesystem::path path = directory_ / "input";
  RETURN_IF_ERROR(PosixFiles().WriteDurably(path, AsBytes(content)));
  ASSIGN_OR_RETURN(request.input, PosixFiles().Open(path));
  if (rows_ > 0) request.history = history_;
  ASSIGN_OR_RETURN(const auto batches, Merge());
  std::string text;
  for (const auto& batch : batches) text += TextOf(*batch);
  if (!batches.empty()) Keep(batches);
  return text;
}

Result<std::vector<std::shared_ptr<arrow::RecordBatch>>> TestDataset::Merge() {
  ASSIGN_OR_RETURN(const auto rows, MergeInput(Context::Background(), *bench_, request));
  columns_.clear();
  for (const auto& field : rows->schema()->fields()) {
    columns_.push_back(field->name() + " " + field->type()->ToString() +
                       (field->nullable() ? "" : " not null"));
  }
  std::vector<std::shared_ptr<arrow::RecordBatch>> batches;
  for (;;) {
    ASSIGN_OR_RETURN(auto batch, rows->Next());
    if (!batch) return batches;
    batches.push_back(std::move(batch));
  }
}

void TestDataset::Keep(const std::vector<std::shared_ptr<arrow::RecordBatch>>& batches) {
  const auto table = arrow::Table::FromRecordBatches(batches).ValueOrDie();
  arrow::Int64Builder offsets;
  for (std::int64_t i = 0; i < table->num_rows(); ++i) {
    WEIR_CHECK(offsets.Append(static_cast<std::int64_t>(rows_) + i).ok());
  }
  const auto slice =
      table
          ->AddColumn(0, arrow::field("offset", arrow::int64()),
                      std::make_shared<arrow::ChunkedArray>(offsets.Finish().ValueOrDie()))
          .ValueOrDie();
  const std::string path = (directory_ / ("slice" + std::to_string(rows_))).string();
  auto file = arrow::io::FileOutputStream::Open(path).ValueOrDie();
  WEIR_CHECK(parquet::arrow::WriteTable(*slice, arrow::default_memory_pool(), file).ok());
  WEIR_CHECK(file->Close().ok());
  history_ = std::make_shared<engine::ScanSource>(*history_);
  history_->columns.clear();
  for (const auto& field : slice->schema()->fields()) {
    history_->columns.push_back({field->name(), SqlType(*field->type())});
  }
  history_->files.push_back({.open = [path]() -> Result<std::shared_ptr<const ReadableFile>> {
                               ASSIGN_OR_RETURN(auto opened, PosixFiles().Open(path));
                               return std::shared_ptr<const ReadableFile>(std::move(opened));
                             },
                             .rows = static_cast<std::uint64_t>(table->num_rows())});
  rows_ += static_cast<std::uint64_t>(table->num_rows());
}

}  // namespace weir::pipelines
