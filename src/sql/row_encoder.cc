#include "sql/row_encoder.h"

#include <arrow/api.h>

#include <vector>

#include "base/bytes.h"
#include "base/json_string.h"
#include "slices/parquet_encoder.h"
#include "sql/cell_writer.h"

namespace weir::sql {
namespace {

using Cells = std::vector<std::unique_ptr<CellWriter>>;

// The writers of the batch at hand; a batch comes in pieces, and they are made once for it.
class BatchCells {
 public:
  using MakeCells = std::unique_ptr<CellWriter> (*)(const arrow::Array&);
  explicit BatchCells(MakeCells make) : make_(make) {}

  const Cells& Of(const arrow::RecordBatch& batch, std::int64_t first) {
    if (first == 0 || columns_.empty()) {
      columns_ = batch.columns();
      cells_.clear();
      for (const auto& column : columns_) cells_.push_back(make_(*column));
    }
    return cells_;
  }

 private:
  MakeCells make_;
  arrow::ArrayVector columns_;
  Cells cells_;
};

// Objects or arrays, in an array or a line each.
class JsonRows final : public RowEncoder {
 public:
  JsonRows(const arrow::Schema& schema, RowFormat format)
      : is_array_(format == RowFormat::kJsonAoA), is_lines_(format == RowFormat::kNdjson) {
    for (const auto& field : schema.fields()) {
      std::string prefix = prefixes_.empty() ? "" : ",";
      if (!is_array_) {
        AppendJsonString(prefix, field->name());
        prefix += ':';
      }
      prefixes_.push_back(std::move(prefix));
    }
  }

  Status Begin(std::string& out) override {
    if (!is_lines_) out += '[';
    return Ok();
  }

  Status Add(const arrow::RecordBatch& batch, std::int64_t first, std::int64_t count,
             std::string& out) override {
    const Cells& cells = cells_.Of(batch, first);
    for (std::int64_t row = first; row < first + count; ++row) {
      if (!is_lines_ && begun_) out += ',';
      begun_ = true;
      out += is_array_ ? '[' : '{';
      for (std::size_t column = 0; column < cells.size(); ++column) {
        out += prefixes_[column];
        cells[column]->Write(row, out);
      }
      out += is_array_ ? ']' : '}';
      if (is_lines_) out += '\n';
    }
    return Ok();
  }

  Status End(std::string& out) override {
    if (!is_lines_) out += ']';
    return Ok();
  }

 private:
  const bool is_array_;
  const bool is_lines_;
  std::vector<std::string> prefixes_;
  BatchCells cells_{JsonCells};
  bool begun_ = false;
};

class JsonColumns final : public RowEncoder {
 public:
  explicit JsonColumns(const arrow::Schema& schema) {
    for (const auto& field : schema.fields()) {
      std::string& column = columns_.emplace_back(columns_.empty() ? "{" : ",");
      AppendJsonString(column, field->name());
      column += ":[";
    }
  }

  Status Begin(std::string&) override { return Ok(); }

  Status Add(const arrow::RecordBatch& batch, std::int64_t first, std::int64_t count,
             std::string&) override {
    const Cells& cells = cells_.Of(batch, first);
    std::size_t kept = 0;
    for (std::size_t column = 0; column < cells.size(); ++column) {
      std::string& text = columns_[column];
      for (std::int64_t row = first; row < first + count; ++row) {
        if (begun_ || row > first) text += ',';
        cells[column]->Write(row, text);
      }
      kept += text.size();
    }
    begun_ = begun_ || count > 0;
    if (kept <= kMostKeptBytes) return Ok();
    return Exhausted("the result has more than {} bytes as columns", kMostKeptBytes)
        .WithHint("JsonAoS and Ndjson stream, and have no such limit");
  }

  Status End(std::string& out) override {
    for (std::string& column : columns_) {
      out += column;
      out += ']';
      column = std::string();
    }
    out += columns_.empty() ? "{}" : "}";
    return Ok();
  }

 private:
  std::vector<std::string> columns_;
  BatchCells cells_{JsonCells};
  bool begun_ = false;
};

class CsvRows final : public RowEncoder {
 public:
  explicit CsvRows(std::shared_ptr<arrow::Schema> schema) : schema_(std::move(schema)) {}

  Status Begin(std::string& out) override {
    for (int i = 0; i < schema_->num_fields(); ++i) {
      if (i > 0) out += ',';
      AppendCsvText(out, schema_->field(i)->name());
    }
    out += '\n';
    return Ok();
  }

  Status Add(const arrow::RecordBatch& batch, std::int64_t first, std::int64_t count,
             std::string& out) override {
    const Cells& cells = cells_.Of(batch, first);
    for (std::int64_t row = first; row < first + count; ++row) {
      for (std::size_t column = 0; column < cells.size(); ++column) {
        if (column > 0) out += ',';
        cells[column]->Write(row, out);
      }
      out += '\n';
    }
    return Ok();
  }

  Status End(std::string&) override { return Ok(); }

 private:
  const std::shared_ptr<arrow::Schema> schema_;
  BatchCells cells_{CsvCells};
};

class ParquetRows final : public RowEncoder {
 public:
  static Result<std::unique_ptr<RowEncoder>> Make(std::shared_ptr<arrow::Schema> schema) {
    auto rows = std::make_unique<ParquetRows>();
    ASSIGN_OR_RETURN(rows->encoder_,
                     slices::ParquetEncoder::Make(std::move(schema),
                                                  [&file = rows->file_](ByteView piece) -> Status {
                                                    file += AsText(piece);
                                                    return Ok();
                                                  }));
    return rows;
  }

  Status Begin(std::string&) override { return Ok(); }

  Status Add(const arrow::RecordBatch& batch, std::int64_t first, std::int64_t count,
             std::string& out) override {
    RETURN_IF_ERROR(encoder_->Write(*batch.Slice(first, count)));
    return TakeOut(out);
  }

  Status End(std::string& out) override {
    RETURN_IF_ERROR(encoder_->Finish());
    return TakeOut(out);
  }

 private:
  Status TakeOut(std::string& out) {
    out += file_;
    file_.clear();
    return Ok();
  }

  std::string file_;
  std::unique_ptr<slices::ParquetEncoder> encoder_;
};

}  // namespace

Result<std::unique_ptr<RowEncoder>> MakeRowEncoder(RowFormat format,
                                                   std::shared_ptr<arrow::Schema> schema) {
  switch (format) {
    case RowFormat::kJsonSoA:
      return std::make_unique<JsonColumns>(*schema);
    case RowFormat::kCsv:
      return std::make_unique<CsvRows>(std::move(schema));
    case RowFormat::kParquet:
      return ParquetRows::Make(std::move(schema));
    case RowFormat::kJsonAoS:
    case RowFormat::kJsonAoA:
    case RowFormat::kNdjson:
      break;
  }
  return std::make_unique<JsonRows>(*schema, format);
}

}  // namespace weir::sql
