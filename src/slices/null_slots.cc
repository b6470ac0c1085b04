#include "slices/null_slots.h"

#include <arrow/api.h>
#include <arrow/util/bit_util.h>

#include <cstring>
#include <vector>

#include "slices/arrow_error.h"

namespace weir::slices {
namespace {

using arrow::Type;
using ArrayPtr = std::shared_ptr<arrow::Array>;

bool HasNullable(const arrow::Field& field) {
  if (field.nullable()) return true;
  if (field.type()->id() != Type::STRUCT) return false;
  for (const auto& child : field.type()->fields()) {
    if (HasNullable(*child)) return true;
  }
  return false;
}

bool HashesNullSlots(const arrow::Field& field) {
  if (field.type()->id() != Type::STRUCT) return false;
  for (const auto& child : field.type()->fields()) {
    if ((field.nullable() && HasNullable(*child)) || HashesNullSlots(*child)) return true;
  }
  return false;
}

// Which rows are there, one byte each.
using Rows = std::vector<bool>;

Rows RowsOf(const arrow::Array& array, const Rows& parent) {
  Rows rows(static_cast<std::size_t>(array.length()));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i] = parent[i] && array.IsValid(static_cast<std::int64_t>(i));
  }
  return rows;
}

arrow::Result<std::shared_ptr<arrow::Buffer>> BitsOf(const Rows& rows) {
  const auto count = static_cast<std::int64_t>(rows.size());
  ARROW_ASSIGN_OR_RAISE(auto bits, arrow::AllocateEmptyBitmap(count));
  for (std::int64_t i = 0; i < count; ++i) {
    if (rows[static_cast<std::size_t>(i)]) arrow::bit_util::SetBit(bits->mutable_data(), i);
  }
  return bits;
}

// Row `to` of `out` is row `from` of `in`.
void CopyValue(const arrow::ArrayData& in, int bits, std::int64_t from, std::uint8_t* out,
               std::int64_t to) {
  const std::uint8_t* values = in.buffers[1]->data();
  if (bits == 1) {
    arrow::bit_util::SetBitTo(out, to, arrow::bit_util::GetBit(values, in.offset + from));
    return;
  }
  const std::int64_t width = bits / 8;
  std::memcpy(out + to * width, values + (in.offset + from) * width,
              static_cast<std::size_t>(width));
}

// For each row, the row whose value lies in its slot; -1 for none.
std::vector<std::int64_t> SlotsOf(const Rows& rows, std::span<const std::int64_t> cuts) {
  std::vector<std::int64_t> slots(rows.size(), -1);
  std::size_t begin = 0;
  const auto settle = [&](std::size_t end) {
    std::size_t next = begin;  // the slot that the next value there is first put in
    for (std::size_t row = begin; row < end; ++row) {
      if (!rows[row]) continue;
      slots[next++] = static_cast<std::int64_t>(row);
    }
    for (std::size_t row = begin; row < end; ++row) {
      if (rows[row]) slots[row] = static_cast<std::int64_t>(row);
    }
    begin = end;
  };
  for (const std::int64_t cut : cuts) settle(static_cast<std::size_t>(cut));
  settle(rows.size());
  return slots;
}

arrow::Result<ArrayPtr> FixedWidth(const arrow::Array& array, const Rows& rows,
                                   std::span<const std::int64_t> cuts) {
  const int bits = static_cast<const arrow::FixedWidthType&>(*array.type()).bit_width();
  const std::int64_t count = array.length();
  ARROW_ASSIGN_OR_RAISE(std::shared_ptr<arrow::Buffer> values,
                        arrow::AllocateBuffer(arrow::bit_util::BytesForBits(count * bits)));
  std::memset(values->mutable_data(), 0, static_cast<std::size_t>(values->size()));
  const auto slots = SlotsOf(rows, cuts);
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int64_t from = slots[static_cast<std::size_t>(i)];
    if (from >= 0) CopyValue(*array.data(), bits, from, values->mutable_data(), i);
  }
  ARROW_ASSIGN_OR_RAISE(auto valid, BitsOf(rows));
  return arrow::MakeArray(
      arrow::ArrayData::Make(array.type(), count, {std::move(valid), std::move(values)}));
}

arrow::Result<ArrayPtr> Views(const arrow::Array& array, const Rows& rows,
                              std::span<const std::int64_t> cuts) {
  ARROW_ASSIGN_OR_RAISE(auto builder, arrow::MakeBuilder(array.type()));
  const arrow::ArraySpan values(*array.data());
  for (const std::int64_t from : SlotsOf(rows, cuts)) {
    ARROW_RETURN_NOT_OK(from >= 0 ? builder->AppendArraySlice(values, from, 1)
                                  : builder->AppendEmptyValue());
  }
  ARROW_ASSIGN_OR_RAISE(const auto built, builder->Finish());
  const auto made = built->data()->Copy();
  ARROW_ASSIGN_OR_RAISE(made->buffers[0], BitsOf(rows));
  made->null_count = arrow::kUnknownNullCount;
  return arrow::MakeArray(made);
}

arrow::Result<ArrayPtr> VariableWidth(const arrow::Array& array, const Rows& rows) {
  ARROW_ASSIGN_OR_RAISE(auto builder, arrow::MakeBuilder(array.type()));
  const arrow::ArraySpan values(*array.data());
  for (std::int64_t i = 0; i < array.length(); ++i) {
    if (rows[static_cast<std::size_t>(i)]) {
      ARROW_RETURN_NOT_OK(builder->AppendArraySlice(values, i, 1));
    } else {
      ARROW_RETURN_NOT_OK(builder->AppendNull());
    }
  }
  return builder->Finish();
}

bool IsView(Type::type id) { return id == Type::STRING_VIEW || id == Type::BINARY_VIEW; }

arrow::Result<ArrayPtr> Settle(const arrow::Array& array, const arrow::Field& field,
                               const Rows& parent, std::span<const std::int64_t> cuts) {
  const Rows rows = field.nullable() ? RowsOf(array, parent) : parent;
  const auto& type = *array.type();
  if (type.id() == Type::STRUCT) {
    const auto& structure = static_cast<const arrow::StructArray&>(array);
    std::vector<std::shared_ptr<arrow::ArrayData>> children;
    for (int i = 0; i < structure.num_fields(); ++i) {
      ARROW_ASSIGN_OR_RAISE(const auto child,
                            Settle(*structure.field(i), *type.field(i), rows, cuts));
      children.push_back(child->data());
    }
    std::shared_ptr<arrow::Buffer> valid;
    if (field.nullable()) {
      ARROW_ASSIGN_OR_RAISE(valid, BitsOf(rows));
    }
    return arrow::MakeArray(
        arrow::ArrayData::Make(array.type(), array.length(), {std::move(valid)}, children));
  }
  if (!field.nullable()) return arrow::MakeArray(array.data());
  if (arrow::is_fixed_width(type.id())) return FixedWidth(array, rows, cuts);
  if (IsView(type.id())) return Views(array, rows, cuts);
  return VariableWidth(array, rows);
}

arrow::Result<std::shared_ptr<arrow::RecordBatch>> Settle(const arrow::RecordBatch& batch,
                                                          std::span<const std::int64_t> cuts) {
  const Rows all(static_cast<std::size_t>(batch.num_rows()), true);
  arrow::ArrayVector columns = batch.columns();
  for (int i = 0; i < batch.num_columns(); ++i) {
    const auto& field = *batch.schema()->field(i);
    if (!HashesNullSlots(field)) continue;
    ARROW_ASSIGN_OR_RAISE(columns[static_cast<std::size_t>(i)],
                          Settle(*batch.column(i), field, all, cuts));
  }
  return arrow::RecordBatch::Make(batch.schema(), batch.num_rows(), std::move(columns));
}

}  // namespace

bool HashesNullSlots(const arrow::Schema& schema) {
  for (const auto& field : schema.fields()) {
    if (HashesNullSlots(*field)) return true;
  }
  return false;
}

Result<std::shared_ptr<arrow::RecordBatch>> WithReferenceNullSlots(
    const arrow::RecordBatch& batch, std::span<const std::int64_t> cuts) {
  auto settled = Settle(batch, cuts);
  if (!settled.ok()) return Internal("nulls in structs: {}", settled.status().ToString());
  return std::move(settled).ValueUnsafe();
}

}  // namespace weir::slices
