#include "slices/timestamps.h"

#include <arrow/api.h>

#include <cstdint>

#include "slices/arrow_error.h"
#include "slices/time_unit.h"

namespace weir::slices {
namespace {

using arrow::Type;
using TypePtr = std::shared_ptr<arrow::DataType>;
using DataPtr = std::shared_ptr<arrow::ArrayData>;

TypePtr OfTimestamp(const TypePtr& type, TimestampForm form) {
  if (form == TimestampForm::kMilliseconds) return arrow::timestamp(arrow::TimeUnit::MILLI, "UTC");
  const auto& given = static_cast<const arrow::TimestampType&>(*type);
  if (given.unit() != arrow::TimeUnit::SECOND) return type;
  return arrow::timestamp(arrow::TimeUnit::MILLI, given.timezone());
}

// The compiler makes a multiplication of a division by what it knows.
void DivideEach(const std::int64_t* values, std::int64_t count, std::int64_t divisor,
                std::int64_t* quotients) {
  if (divisor == 1000) {
    for (std::int64_t i = 0; i < count; ++i) quotients[i] = values[i] / 1000;
  } else {
    for (std::int64_t i = 0; i < count; ++i) quotients[i] = values[i] / divisor;
  }
}

// Finer units are cut towards zero, as the reference implementation does.
arrow::Result<DataPtr> Convert(const arrow::ArrayData& from, const TypePtr& to) {
  const auto from_unit =
      TicksPerSecond(static_cast<const arrow::TimestampType&>(*from.type).unit());
  const auto to_unit = TicksPerSecond(static_cast<const arrow::TimestampType&>(*to).unit());
  if (from_unit == to_unit) {
    DataPtr same = from.Copy();
    same->type = to;
    return same;
  }
  ARROW_ASSIGN_OR_RAISE(std::shared_ptr<arrow::Buffer> buffer,
                        arrow::AllocateBuffer((from.offset + from.length) * 8));
  const std::int64_t* values = from.GetValues<std::int64_t>(1, 0);
  auto* made = reinterpret_cast<std::int64_t*>(buffer->mutable_data());
  const std::int64_t end = from.offset + from.length;
  if (from_unit > to_unit) {
    DivideEach(values, end, from_unit / to_unit, made);
  } else {
    const std::int64_t factor = to_unit / from_unit;
    const arrow::ArraySpan span(from);
    for (std::int64_t i = 0; i < end; ++i) {
      const bool there = i >= from.offset && span.IsValid(i - from.offset);
      if (__builtin_mul_overflow(values[i], factor, &made[i]) && there) {
        return arrow::Status::Invalid("a time is out of range");
      }
    }
  }
  return arrow::ArrayData::Make(to, from.length, {from.buffers[0], std::move(buffer)},
                                from.null_count, from.offset);
}

arrow::Result<DataPtr> Retype(const DataPtr& data, const TypePtr& to) {
  if (data->type->Equals(*to)) return data;
  if (to->id() == Type::TIMESTAMP) return Convert(*data, to);
  DataPtr made = data->Copy();
  made->type = to;
  for (std::size_t i = 0; i < made->child_data.size(); ++i) {
    ARROW_ASSIGN_OR_RAISE(made->child_data[i],
                          Retype(made->child_data[i], to->field(static_cast<int>(i))->type()));
  }
  return made;
}

}  // namespace

TypePtr WithTimestamps(const TypePtr& type, TimestampForm form) {
  const auto child = [&](int i) {
    const auto& field = type->field(i);
    return field->WithType(WithTimestamps(field->type(), form));
  };
  switch (type->id()) {
    case Type::TIMESTAMP:
      return OfTimestamp(type, form);
    case Type::LIST:
      return arrow::list(child(0));
    case Type::LARGE_LIST:
      return arrow::large_list(child(0));
    case Type::FIXED_SIZE_LIST:
      return arrow::fixed_size_list(
          child(0), static_cast<const arrow::FixedSizeListType&>(*type).list_size());
    case Type::STRUCT: {
      arrow::FieldVector fields;
      for (int i = 0; i < type->num_fields(); ++i) fields.push_back(child(i));
      return arrow::struct_(std::move(fields));
    }
    default:
      return type;
  }
}

Result<std::shared_ptr<arrow::Array>> WithTimestamps(const std::shared_ptr<arrow::Array>& values,
                                                     const TypePtr& to) {
  if (values->type()->Equals(*to)) return values;
  const auto made = Retype(values->data(), to);
  if (!made.ok()) return Invalid("{}", made.status().message());
  return arrow::MakeArray(*made);
}

}  // namespace weir::slices
