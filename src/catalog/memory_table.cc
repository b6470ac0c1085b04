#include "catalog/memory_table.h"

#include <arrow/api.h>

#include "base/memory_file.h"
#include "slices/parquet_encoder.h"

namespace weir::catalog {
namespace {

const char* SqlOf(const arrow::DataType& type) {
  switch (type.id()) {
    case arrow::Type::STRING:
      return "VARCHAR";
    case arrow::Type::TIMESTAMP:
      return "TIMESTAMP WITH TIME ZONE";
    case arrow::Type::BOOL:
      return "BOOLEAN";
    default:
      return "BIGINT";
  }
}

}  // namespace

std::vector<engine::Column> ColumnsOf(const arrow::Schema& schema) {
  std::vector<engine::Column> columns;
  for (const auto& field : schema.fields()) {
    columns.push_back({field->name(), SqlOf(*field->type())});
  }
  return columns;
}

Result<std::shared_ptr<const ReadableFile>> FileOfRows(const arrow::RecordBatch& rows) {
  std::string file;
  const auto take = [&](ByteView piece) {
    file += AsText(piece);
    return Ok();
  };
  ASSIGN_OR_RETURN(const auto encoder, slices::ParquetEncoder::Make(rows.schema(), take));
  RETURN_IF_ERROR(encoder->Write(rows));
  RETURN_IF_ERROR(encoder->Finish());
  return FileOf(std::move(file));
}

}  // namespace weir::catalog
