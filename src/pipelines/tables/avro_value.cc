#include "pipelines/tables/avro_value.h"

#include <arrow/array/builder_base.h>
#include <arrow/array/builder_binary.h>
#include <arrow/array/builder_decimal.h>
#include <arrow/array/builder_nested.h>
#include <arrow/array/builder_primitive.h>
#include <arrow/array/builder_time.h>
#include <arrow/util/decimal.h>
#include <arrow/util/utf8.h>
#include <fmt/format.h>

#include <limits>

#include "slices/arrow_error.h"

namespace weir::pipelines {
namespace {

using Kind = AvroType::Kind;

// Reads one value of a type into a builder of it.
class Value {
 public:
  Value(const AvroType& type, AvroCursor& cursor, arrow::ArrayBuilder& builder)
      : type_(type), cursor_(cursor), builder_(builder) {}

  Status Append() {
    switch (type_.kind) {
      case Kind::kNull:
        return Took(builder_.AppendNull());
      case Kind::kBoolean:
        return Put<arrow::BooleanBuilder>(cursor_.Boolean());
      case Kind::kInt:
        return Int();
      case Kind::kLong:
        return Long();
      case Kind::kFloat:
        return Put<arrow::FloatBuilder>(cursor_.Float());
      case Kind::kDouble:
        return Put<arrow::DoubleBuilder>(cursor_.Double());
      case Kind::kBytes:
        return Binary(cursor_.Bytes());
      case Kind::kFixed:
        return Binary(cursor_.Fixed(type_.size));
      case Kind::kString:
        return String();
      case Kind::kEnum:
        return Enum();
      case Kind::kArray:
        return Items();
      case Kind::kMap:
        return Entries();
      case Kind::kRecord:
        return Fields();
    }
    return Ok();
  }

 private:
  static Status Took(const arrow::Status& status) {
    return slices::StatusOf(status, "an Avro value");
  }

  template <typename Builder, typename Read>
  Status Put(const Result<Read>& value) {
    if (!value) return value.error();
    return Took(static_cast<Builder&>(builder_).Append(*value));
  }

  Status Int() {
    ASSIGN_OR_RETURN(const std::int64_t value, cursor_.Long());
    if (value < std::numeric_limits<std::int32_t>::min() ||
        value > std::numeric_limits<std::int32_t>::max()) {
      return Invalid("{} is more than an int holds", value);
    }
    const auto narrow = static_cast<std::int32_t>(value);
    switch (type_.arrow->id()) {
      case arrow::Type::DATE32:
        return Took(static_cast<arrow::Date32Builder&>(builder_).Append(narrow));
      case arrow::Type::TIME32:
        return Took(static_cast<arrow::Time32Builder&>(builder_).Append(narrow));
      default:
        return Took(static_cast<arrow::Int32Builder&>(builder_).Append(narrow));
    }
  }

  Status Long() {
    switch (type_.arrow->id()) {
      case arrow::Type::TIMESTAMP:
        return Put<arrow::TimestampBuilder>(cursor_.Long());
      case arrow::Type::TIME64:
        return Put<arrow::Time64Builder>(cursor_.Long());
      default:
        return Put<arrow::Int64Builder>(cursor_.Long());
    }
  }

  Status Binary(const Result<std::string_view>& bytes) {
    if (!bytes) return bytes.error();
    if (!type_.is_decimal) return Took(static_cast<arrow::BinaryBuilder&>(builder_).Append(*bytes));
    const auto& decimal = static_cast<const arrow::Decimal128Type&>(*type_.arrow);
    if (bytes->empty()) return Invalid("a decimal without bytes");
    const auto value = arrow::Decimal128::FromBigEndian(
        reinterpret_cast<const std::uint8_t*>(bytes->data()),
        static_cast<std::int32_t>(std::min<std::size_t>(bytes->size(), 64)));
    if (!value.ok() || !value->FitsInPrecision(decimal.precision())) {
      return Invalid("a decimal has more than its {} digits", decimal.precision());
    }
    return Took(static_cast<arrow::Decimal128Builder&>(builder_).Append(*value));
  }

  Status String() {
    ASSIGN_OR_RETURN(const std::string_view text, cursor_.Bytes());
    if (!arrow::util::ValidateUTF8(text)) return Invalid("a string is not UTF-8");
    return Took(static_cast<arrow::StringBuilder&>(builder_).Append(text));
  }

  Status Enum() {
    ASSIGN_OR_RETURN(const std::int64_t symbol, cursor_.Long());
    if (symbol < 0 || static_cast<std::size_t>(symbol) >= type_.names.size()) {
      return Invalid("there is no symbol {}", symbol);
    }
    return Took(static_cast<arrow::StringBuilder&>(builder_).Append(
        type_.names[static_cast<std::size_t>(symbol)]));
  }

  Status Items() {
    auto& list = static_cast<arrow::ListBuilder&>(builder_);
    RETURN_IF_ERROR(Took(list.Append()));
    return cursor_.Runs(
        [&] { return AppendAvroValue(type_.parts[0], cursor_, *list.value_builder()); });
  }

  Status Entries() {
    auto& map = static_cast<arrow::MapBuilder&>(builder_);
    RETURN_IF_ERROR(Took(map.Append()));
    return cursor_.Runs([&]() -> Status {
      ASSIGN_OR_RETURN(const std::string_view key, cursor_.Bytes());
      if (!arrow::util::ValidateUTF8(key)) return Invalid("a key is not UTF-8");
      RETURN_IF_ERROR(Took(static_cast<arrow::StringBuilder&>(*map.key_builder()).Append(key)));
      return AppendAvroValue(type_.parts[0], cursor_, *map.item_builder());
    });
  }

  Status Fields() {
    auto& record = static_cast<arrow::StructBuilder&>(builder_);
    RETURN_IF_ERROR(Took(record.Append()));
    for (std::size_t i = 0; i < type_.parts.size(); ++i) {
      Status appended =
          AppendAvroValue(type_.parts[i], cursor_, *record.field_builder(static_cast<int>(i)));
      if (appended) continue;
      Error error = std::move(appended).error();
      const bool is_path = error.message.starts_with("column ");
      error.message = fmt::format("column {}{}{}", type_.names[i], is_path ? "." : ": ",
                                  is_path ? error.message.substr(7) : error.message);
      return error;
    }
    return Ok();
  }

  const AvroType& type_;
  AvroCursor& cursor_;
  arrow::ArrayBuilder& builder_;
};

}  // namespace

Status AppendAvroValue(const AvroType& type, AvroCursor& cursor, arrow::ArrayBuilder& builder) {
  if (type.branches > 0) {
    ASSIGN_OR_RETURN(const std::int64_t branch, cursor.Long());
    if (branch < 0 || branch >= type.branches) return Invalid("there is no branch {}", branch);
    if (branch == type.null_branch) {
      return slices::StatusOf(builder.AppendNull(), "an Avro value");
    }
  }
  return Value(type, cursor, builder).Append();
}

}  // namespace weir::pipelines
