#include "pipelines/tables/xlsx_rows.h"

#include <arrow/array/builder_base.h>
#include <arrow/builder.h>
#include <arrow/record_batch.h>
#include <arrow/scalar.h>
#include <arrow/table_builder.h>
#include <arrow/type.h>

#include <algorithm>
#include <optional>
#include <set>

#include "pipelines/tables/xlsx_sheet.h"
#include "slices/arrow_error.h"

namespace weir::pipelines {
namespace {

using Kind = XlsxCell::Kind;

constexpr std::int64_t kBatchRows = 8'192;
constexpr std::size_t kBatchBytes = 8 << 20;

struct Column {
  std::string name = {};
  std::uint32_t place = 0;
  std::set<Kind> kinds = {};
  std::shared_ptr<arrow::DataType> type = arrow::utf8();
};

std::shared_ptr<arrow::DataType> TypeOf(const std::set<Kind>& kinds) {
  const auto only = [&](std::set<Kind> allowed) {
    return !kinds.empty() && std::ranges::includes(allowed, kinds);
  };
  if (only({Kind::kInteger})) return arrow::int64();
  if (only({Kind::kInteger, Kind::kDouble})) return arrow::float64();
  if (only({Kind::kBoolean})) return arrow::boolean();
  if (only({Kind::kDate})) return arrow::date32();
  if (only({Kind::kDate, Kind::kTimestamp})) return arrow::timestamp(arrow::TimeUnit::MICRO);
  return arrow::utf8();
}

Result<std::vector<Column>> ReadHeader(XlsxSheet& sheet) {
  ASSIGN_OR_RETURN(const bool has_header, sheet.Next());
  if (!has_header) return Invalid("the first sheet is empty");
  std::vector<Column> columns;
  for (const XlsxCell& cell : sheet.cells()) {
    if (std::ranges::find(columns, cell.text, &Column::name) != columns.end()) {
      return Invalid("row {}, column {}: there is a column '{}' already", sheet.row(),
                     XlsxColumnName(cell.column), cell.text);
    }
    columns.push_back({.name = cell.text, .place = cell.column});
  }
  return columns;
}

// The column of a cell; null where the header has none.
Column* ColumnOf(std::vector<Column>& columns, const XlsxCell& cell) {
  const auto found = std::ranges::lower_bound(columns, cell.column, {}, &Column::place);
  return found == columns.end() || found->place != cell.column ? nullptr : &*found;
}

Result<std::vector<Column>> FindTypes(const Context& context, const XlsxBook& book) {
  XlsxSheet sheet(context, book);
  ASSIGN_OR_RETURN(std::vector<Column> columns, ReadHeader(sheet));
  for (;;) {
    ASSIGN_OR_RETURN(const bool has_row, sheet.Next());
    if (!has_row) break;
    for (const XlsxCell& cell : sheet.cells()) {
      if (Column* column = ColumnOf(columns, cell)) column->kinds.insert(cell.kind);
    }
  }
  for (Column& column : columns) column.type = TypeOf(column.kinds);
  return columns;
}

class XlsxRows final : public engine::RowStream {
 public:
  XlsxRows(const Context& context, XlsxBook book)
      : context_(context), book_(std::move(book)), sheet_(context_, book_) {}

  Status Open(bool as_texts) {
    if (!as_texts) {
      ASSIGN_OR_RETURN(columns_, FindTypes(context_, book_));
    }
    ASSIGN_OR_RETURN(std::vector<Column> header, ReadHeader(sheet_));
    if (as_texts) columns_ = std::move(header);
    arrow::FieldVector fields;
    for (const Column& column : columns_) fields.push_back(arrow::field(column.name, column.type));
    schema_ = arrow::schema(std::move(fields));
    return Ok();
  }

  std::shared_ptr<arrow::Schema> schema() const override { return schema_; }
  std::shared_ptr<const XlsxRowNumbers> numbers() const { return numbers_; }

  Result<std::shared_ptr<arrow::RecordBatch>> Next() override {
    auto made = arrow::RecordBatchBuilder::Make(schema_, arrow::default_memory_pool());
    if (!made.ok()) return slices::ErrorOf(made.status(), "the columns of the sheet");
    arrow::RecordBatchBuilder& builder = **made;
    std::int64_t rows = 0;
    for (std::size_t bytes = 0; rows < kBatchRows && bytes < kBatchBytes; ++rows) {
      RETURN_IF_ERROR(context_.Check());
      ASSIGN_OR_RETURN(const bool has_row, sheet_.Next());
      if (!has_row) break;
      numbers_->Add(sheet_.row());
      ASSIGN_OR_RETURN(const std::size_t added, AddRow(builder));
      bytes += added;
    }
    if (rows == 0) return std::shared_ptr<arrow::RecordBatch>();
    auto batch = builder.Flush();
    if (!batch.ok()) return slices::ErrorOf(batch.status(), "the rows of the sheet");
    return *std::move(batch);
  }

 private:
  // Returns about how much memory it takes.
  Result<std::size_t> AddRow(arrow::RecordBatchBuilder& builder) {
    std::size_t bytes = columns_.size() * 8;
    const auto& cells = sheet_.cells();
    auto cell = cells.begin();
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (cell != cells.end() && cell->column < columns_[i].place) return WithoutHeader(*cell);
      arrow::ArrayBuilder& field = *builder.GetField(static_cast<int>(i));
      if (cell == cells.end() || cell->column > columns_[i].place) {
        RETURN_IF_ERROR(slices::StatusOf(field.AppendNull(), "the rows of the sheet"));
        continue;
      }
      RETURN_IF_ERROR(AddCell(columns_[i], *cell, field));
      bytes += cell->text.size();
      ++cell;
    }
    if (cell != cells.end()) return WithoutHeader(*cell);
    return bytes;
  }

  Status AddCell(const Column& column, const XlsxCell& cell, arrow::ArrayBuilder& field) const {
    const auto value = arrow::Scalar::Parse(column.type, cell.text);
    if (value.ok()) return slices::StatusOf(field.AppendScalar(**value), "the rows of the sheet");
    return Invalid("row {}, column {}: '{}' is no {}", sheet_.row(), column.name, cell.text,
                   column.type->ToString());
  }

  Error WithoutHeader(const XlsxCell& cell) const {
    return Invalid("row {}, column {}: the column has no name in the first row", sheet_.row(),
                   XlsxColumnName(cell.column));
  }

  const Context context_;
  const XlsxBook book_;
  XlsxSheet sheet_;
  std::vector<Column> columns_;
  std::shared_ptr<arrow::Schema> schema_;
  const std::shared_ptr<XlsxRowNumbers> numbers_ = std::make_shared<XlsxRowNumbers>();
};

}  // namespace

void XlsxRowNumbers::Add(std::uint32_t row) {
  ++records_;
  if (row != last_ + 1 || runs_.empty()) runs_.emplace_back(records_, row);
  last_ = row;
}

std::uint64_t XlsxRowNumbers::Of(std::uint64_t record) const {
  const auto after =
      std::ranges::upper_bound(runs_, record, {}, [](const auto& run) { return run.first; });
  if (after == runs_.begin()) return record;
  const auto& [first, row] = *std::prev(after);
  return row + (record - first);
}

Result<XlsxTable> ReadXlsx(const Context& context, const XlsxParts& parts, bool as_texts) {
  ASSIGN_OR_RETURN(XlsxBook book, ReadXlsxBook(context, parts));
  auto rows = std::make_unique<XlsxRows>(context, std::move(book));
  RETURN_IF_ERROR(rows->Open(as_texts));
  auto numbers = rows->numbers();
  return XlsxTable{.rows = std::move(rows), .numbers = std::move(numbers)};
}

}  // namespace weir::pipelines
