#include "slices/file_rows.h"

#include <arrow/api.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <set>

#include "odf/system_names.h"

namespace weir::slices {
namespace {

using arrow::Type;
using ArrayPtr = std::shared_ptr<arrow::Array>;

// Position in the file.
constexpr int kOp = 1;

std::int64_t MillisecondsOf(Timestamp time) {
  return std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count();
}

template <typename T>
Result<ArrayPtr> Int64s(const std::shared_ptr<arrow::DataType>& type, std::int64_t count, T value) {
  auto buffer = arrow::AllocateBuffer(count * 8);
  if (!buffer.ok()) return Exhausted("no memory for {} rows", count);
  auto* values = reinterpret_cast<std::int64_t*>((*buffer)->mutable_data());
  for (std::int64_t i = 0; i < count; ++i) values[i] = value(i);
  return arrow::MakeArray(arrow::ArrayData::Make(
      type, count, {nullptr, std::shared_ptr<arrow::Buffer>(std::move(*buffer))}, 0));
}

Result<int> ColumnNamed(const arrow::Schema& given, const std::string& name) {
  const auto found = given.GetAllFieldIndices(name);
  if (found.size() == 1) return found[0];
  return Invalid("the rows of a slice have {} columns named {}; they need one", found.size(), name);
}

Status CheckTypes(const arrow::Field& op, const arrow::Field& event_time) {
  if (op.type()->id() != Type::INT32) {
    return Invalid("column {} is of type {}; operations are INT32", op.name(),
                   op.type()->ToString());
  }
  const auto id = event_time.type()->id();
  if (id != Type::TIMESTAMP && id != Type::DATE32 && id != Type::DATE64) {
    return Invalid("column {} is of type {}; event times are dates or timestamps",
                   event_time.name(), event_time.type()->ToString());
  }
  return Ok();
}

Status CheckNames(const arrow::Schema& schema) {
  std::set<std::string> names;
  for (const auto& field : schema.fields()) {
    if (!names.insert(field->name()).second) {
      return Invalid("a slice cannot have two columns named {}", field->name());
    }
  }
  return Ok();
}

bool IsRequired(const arrow::Field& field, const SliceRequest& request) {
  return !field.nullable() || std::find(request.required.begin(), request.required.end(),
                                        field.name()) != request.required.end();
}

}  // namespace

Result<FileRows> FileRows::Make(const arrow::Schema& given, const SliceRequest& request) {
  const odf::SystemNames names(request.vocab);
  FileRows rows;
  ASSIGN_OR_RETURN(rows.op_, ColumnNamed(given, names.op));
  ASSIGN_OR_RETURN(const int event_time, ColumnNamed(given, names.event_time));
  RETURN_IF_ERROR(CheckTypes(*given.field(rows.op_), *given.field(event_time)));
  rows.sources_.push_back(event_time);
  for (int i = 0; i < given.num_fields(); ++i) {
    if (i != rows.op_ && i != event_time) rows.sources_.push_back(i);
  }
  const auto utc = arrow::timestamp(arrow::TimeUnit::MILLI, "UTC");
  arrow::FieldVector fields = {arrow::field(names.offset, arrow::int64(), false),
                               arrow::field(given.field(rows.op_)->name(), arrow::int32(), false),
                               arrow::field(names.system_time, utc, false)};
  for (const int source : rows.sources_) {
    const auto& field = *given.field(source);
    const auto form = source == event_time ? TimestampForm::kMilliseconds : request.timestamps;
    fields.push_back(arrow::field(field.name(), WithTimestamps(field.type(), form),
                                  !IsRequired(field, request)));
  }
  rows.schema_ = arrow::schema(std::move(fields));
  RETURN_IF_ERROR(CheckNames(*rows.schema_));
  rows.next_offset_ = request.start_offset;
  ASSIGN_OR_RETURN(
      rows.system_times_,
      Int64s(utc, kMostRows,
             [time = MillisecondsOf(request.system_time)](std::int64_t) { return time; }));
  return rows;
}

Result<ArrayPtr> FileRows::Offsets(std::int64_t count) const {
  constexpr auto kLast = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (next_offset_ > kLast - static_cast<std::uint64_t>(count)) {
    return Exhausted("offsets end at {}", kLast);
  }
  return Int64s(
      arrow::int64(), count,
      [first = static_cast<std::int64_t>(next_offset_)](std::int64_t i) { return first + i; });
}

Result<std::shared_ptr<arrow::RecordBatch>> FileRows::Convert(const arrow::RecordBatch& given) {
  const std::int64_t count = given.num_rows();
  arrow::ArrayVector columns;
  ASSIGN_OR_RETURN(columns.emplace_back(), Offsets(count));
  columns.push_back(given.column(op_));
  columns.push_back(system_times_->Slice(0, count));
  for (const int source : sources_) {
    const auto& field = *schema_->field(static_cast<int>(columns.size()));
    auto column = WithTimestamps(given.column(source), field.type());
    if (!column) return Invalid("column {}: {}", field.name(), column.error().message);
    columns.push_back(std::move(column).value());
  }
  auto rows = arrow::RecordBatch::Make(schema_, count, std::move(columns));
  RETURN_IF_ERROR(Check(*rows));
  next_offset_ += static_cast<std::uint64_t>(count);
  return rows;
}

Status FileRows::Check(const arrow::RecordBatch& rows) const {
  for (int i = 0; i < rows.num_columns(); ++i) {
    const auto& column = *rows.column(i);
    if (schema_->field(i)->nullable() || column.null_count() == 0) continue;
    std::int64_t row = 0;
    while (column.IsValid(row)) ++row;
    return Invalid("column {} is declared without nulls and has one at offset {}",
                   schema_->field(i)->name(), next_offset_ + static_cast<std::uint64_t>(row));
  }
  const auto& ops = static_cast<const arrow::Int32Array&>(*rows.column(kOp));
  for (std::int64_t row = 0; row < ops.length(); ++row) {
    if (ops.Value(row) >= 0 && ops.Value(row) <= 3) continue;
    return Invalid("column {} is {} at offset {}; operations are 0 to 3",
                   schema_->field(kOp)->name(), ops.Value(row),
                   next_offset_ + static_cast<std::uint64_t>(row));
  }
  return Ok();
}

}  // namespace weir::slices
