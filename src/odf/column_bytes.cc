#include "odf/column_bytes.h"

#include <arrow/api.h>

#include <cstdint>
#include <cstring>
#include <optional>

#include "base/check.h"

namespace weir::odf {
namespace {

using arrow::Type;

// Which rows of a batch are there. None: all are.
using Validity = std::optional<std::vector<bool>>;

Validity ValidityOf(const arrow::Array& array) {
  if (array.null_count() == 0) return std::nullopt;
  std::vector<bool> valid(static_cast<std::size_t>(array.length()));
  for (std::int64_t i = 0; i < array.length(); ++i)
    valid[static_cast<std::size_t>(i)] = array.IsValid(i);
  return valid;
}

// With nulls in both, the reference implementation takes a row for null only if both are.
Validity Combine(const Validity& parent, Validity child) {
  if (!parent) return child;
  if (!child) return parent;
  for (std::size_t i = 0; i < child->size(); ++i) (*child)[i] = (*child)[i] || (*parent)[i];
  return child;
}

void AppendLength(std::string& out, std::uint64_t length) {
  char bytes[sizeof(length)];
  std::memcpy(bytes, &length, sizeof(length));
  out.append(bytes, sizeof(length));
}

void AppendValue(std::string& out, const arrow::Array& array, std::int64_t row);

template <typename ListArray>
void AppendList(std::string& out, const arrow::Array& array, std::int64_t row) {
  const auto& list = static_cast<const ListArray&>(array);
  const std::int64_t begin = list.value_offset(row);
  const std::int64_t length = list.value_length(row);
  const arrow::Array& items = *list.values();
  AppendLength(out, static_cast<std::uint64_t>(length));
  for (std::int64_t i = begin; i < begin + length; ++i) {
    if (items.IsNull(i)) {
      out += '\0';
    } else {
      AppendValue(out, items, i);
    }
  }
}

template <typename Array>
void AppendView(std::string& out, const arrow::Array& array, std::int64_t row) {
  const std::string_view view = static_cast<const Array&>(array).GetView(row);
  AppendLength(out, view.size());
  out += view;
}

const char* FixedWidthData(const arrow::Array& array) {
  const auto& data = *array.data();
  const auto width = static_cast<const arrow::FixedWidthType&>(*data.type).bit_width() / 8;
  return reinterpret_cast<const char*>(data.buffers[1]->data()) + data.offset * width;
}

void AppendFixedWidth(std::string& out, const arrow::Array& array, std::int64_t row) {
  const int width = static_cast<const arrow::FixedWidthType&>(*array.type()).bit_width() / 8;
  out.append(FixedWidthData(array) + row * width, static_cast<std::size_t>(width));
}

void AppendValue(std::string& out, const arrow::Array& array, std::int64_t row) {
  switch (array.type_id()) {
    case Type::BOOL:
      out += static_cast<const arrow::BooleanArray&>(array).Value(row) ? '\2' : '\1';
      return;
    case Type::STRING:
    case Type::BINARY:
      return AppendView<arrow::BinaryArray>(out, array, row);
    case Type::LARGE_STRING:
    case Type::LARGE_BINARY:
      return AppendView<arrow::LargeBinaryArray>(out, array, row);
    case Type::STRING_VIEW:
    case Type::BINARY_VIEW:
      return AppendView<arrow::BinaryViewArray>(out, array, row);
    case Type::FIXED_SIZE_BINARY:
      return AppendView<arrow::FixedSizeBinaryArray>(out, array, row);
    case Type::LIST:
      return AppendList<arrow::ListArray>(out, array, row);
    case Type::LARGE_LIST:
      return AppendList<arrow::LargeListArray>(out, array, row);
    case Type::FIXED_SIZE_LIST:
      return AppendList<arrow::FixedSizeListArray>(out, array, row);
    default:
      return AppendFixedWidth(out, array, row);
  }
}

bool IsPlainFixedWidth(const arrow::Array& array) {
  return arrow::is_fixed_width(array.type_id()) && array.type_id() != Type::BOOL &&
         array.type_id() != Type::FIXED_SIZE_BINARY;
}

void AppendLeaf(const arrow::Array& array, const Validity& validity,
                std::vector<ColumnBytes>& columns) {
  ColumnBytes& column = columns.emplace_back();
  if (array.length() == 0) return;
  if (!validity && IsPlainFixedWidth(array)) {
    const auto width = static_cast<const arrow::FixedWidthType&>(*array.type()).bit_width() / 8;
    column.borrowed =
        AsBytes({FixedWidthData(array), static_cast<std::size_t>(array.length() * width)});
    return;
  }
  column.made.reserve(static_cast<std::size_t>(array.length()) * 8);
  for (std::int64_t row = 0; row < array.length(); ++row) {
    if (validity && !(*validity)[static_cast<std::size_t>(row)]) {
      column.made += '\0';
    } else {
      AppendValue(column.made, array, row);
    }
  }
}

void AppendArray(const arrow::Array& array, const Validity& parent,
                 std::vector<ColumnBytes>& columns) {
  Validity validity = Combine(parent, ValidityOf(array));
  if (array.type_id() != Type::STRUCT) {
    AppendLeaf(array, validity, columns);
    return;
  }
  const auto& structure = static_cast<const arrow::StructArray&>(array);
  for (int i = 0; i < structure.num_fields(); ++i) {
    AppendArray(*structure.field(i), validity, columns);
  }
}

}  // namespace

void AppendColumnBytes(const arrow::RecordBatch& batch, std::vector<ColumnBytes>& columns) {
  for (const auto& column : batch.columns()) AppendArray(*column, std::nullopt, columns);
}

}  // namespace weir::odf
