#include "slices/column_type.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <variant>
#include <vector>

#include "engine/sql_text.h"

namespace weir::slices {
namespace {

using odf::DataType;

template <typename... Cases>
struct Match : Cases... {
  using Cases::operator()...;
};
template <typename... Cases>
Match(Cases...) -> Match<Cases...>;

odf::TimeUnit UnitOf(const std::optional<odf::TimeUnit>& unit) {
  return unit.value_or(odf::TimeUnit::kMillisecond);
}

Result<std::string> SqlOfStruct(std::string_view column, const odf::DataTypeStruct& type) {
  std::string text = "STRUCT(";
  for (const odf::DataField& field : type.fields) {
    ASSIGN_OR_RETURN(const std::string inner,
                     SqlOf(fmt::format("{}.{}", column, field.name), field.type));
    if (text.back() != '(') text += ", ";
    text += engine::Identifier(field.name) + " " + inner;
  }
  return text + ")";
}

// How far an integer type reaches: its bits, and whether it has a sign; 0 bits for others.
struct IntegerRange {
  int bits = 0;
  bool is_signed = false;
};

IntegerRange RangeOf(const DataType& type) {
  return std::visit(Match{[](const odf::DataTypeInt8&) {
                            return IntegerRange{8, true};
                          },
                          [](const odf::DataTypeInt16&) {
                            return IntegerRange{16, true};
                          },
                          [](const odf::DataTypeInt32&) {
                            return IntegerRange{32, true};
                          },
                          [](const odf::DataTypeInt64&) {
                            return IntegerRange{64, true};
                          },
                          [](const odf::DataTypeUInt8&) {
                            return IntegerRange{8, false};
                          },
                          [](const odf::DataTypeUInt16&) {
                            return IntegerRange{16, false};
                          },
                          [](const odf::DataTypeUInt32&) {
                            return IntegerRange{32, false};
                          },
                          [](const odf::DataTypeUInt64&) {
                            return IntegerRange{64, false};
                          },
                          [](const auto&) { return IntegerRange{}; }},
                    type.value);
}

template <typename T>
bool Is(const DataType& type) {
  return std::holds_alternative<T>(type.value);
}

}  // namespace

const DataType& Required(const DataType& type) {
  const auto* option = std::get_if<odf::DataTypeOption>(&type.value);
  return option == nullptr ? type : Required(*option->inner);
}

Result<std::string> SqlOf(std::string_view column, const DataType& type) {
  using Text = Result<std::string>;
  return std::visit(
      Match{[](const odf::DataTypeBool&) -> Text { return "BOOLEAN"; },
            [](const odf::DataTypeDate&) -> Text { return "DATE"; },
            [](const odf::DataTypeFloat32&) -> Text { return "FLOAT"; },
            [](const odf::DataTypeFloat64&) -> Text { return "DOUBLE"; },
            [](const odf::DataTypeInt8&) -> Text { return "TINYINT"; },
            [](const odf::DataTypeInt16&) -> Text { return "SMALLINT"; },
            [](const odf::DataTypeInt32&) -> Text { return "INTEGER"; },
            [](const odf::DataTypeInt64&) -> Text { return "BIGINT"; },
            [](const odf::DataTypeUInt8&) -> Text { return "UTINYINT"; },
            [](const odf::DataTypeUInt16&) -> Text { return "USMALLINT"; },
            [](const odf::DataTypeUInt32&) -> Text { return "UINTEGER"; },
            [](const odf::DataTypeUInt64&) -> Text { return "UBIGINT"; },
            [](const odf::DataTypeString&) -> Text { return "VARCHAR"; },
            [](const odf::DataTypeTime&) -> Text { return "TIME"; },
            [](const odf::DataTypeTimestamp& timestamp) -> Text {
              return timestamp.timezone.value_or("UTC").empty() ? "TIMESTAMP"
                                                                : "TIMESTAMP WITH TIME ZONE";
            },
            [&](const odf::DataTypeBinary& binary) -> Text {
              if (!binary.fixed_length) return "BLOB";
              return Unimplemented("column {}: binary of a fixed length is not read yet", column);
            },
            [&](const odf::DataTypeDecimal& decimal) -> Text {
              if (decimal.precision <= 38 && decimal.scale >= 0) {
                return fmt::format("DECIMAL({},{})", decimal.precision, decimal.scale);
              }
              return Unimplemented("column {}: the engine has no {}", column, NameOf(type));
            },
            [&](const odf::DataTypeOption& option) { return SqlOf(column, *option.inner); },
            [&](const odf::DataTypeList& list) -> Text {
              ASSIGN_OR_RETURN(const std::string item, SqlOf(column, *list.item_type));
              if (!list.fixed_length) return item + "[]";
              return fmt::format("{}[{}]", item, *list.fixed_length);
            },
            [&](const odf::DataTypeStruct& fields) { return SqlOfStruct(column, fields); },
            [&](const auto&) -> Text {
              return Unimplemented("column {}: the type {} is not read yet", column, NameOf(type));
            }},
      type.value);
}

DataType WithTimeRule(DataType type, TimeRule rule) {
  if (auto* timestamp = std::get_if<odf::DataTypeTimestamp>(&type.value)) {
    if (rule == TimeRule::kMilliseconds) {
      *timestamp = {.unit = odf::TimeUnit::kMillisecond, .timezone = "UTC"};
    }
    // Parquet has no whole seconds.
    if (UnitOf(timestamp->unit) == odf::TimeUnit::kSecond) {
      timestamp->unit = odf::TimeUnit::kMillisecond;
    }
  } else if (auto* option = std::get_if<odf::DataTypeOption>(&type.value)) {
    *option->inner = WithTimeRule(*option->inner, rule);
  } else if (auto* list = std::get_if<odf::DataTypeList>(&type.value)) {
    *list->item_type = WithTimeRule(*list->item_type, rule);
  } else if (auto* fields = std::get_if<odf::DataTypeStruct>(&type.value)) {
    for (odf::DataField& field : fields->fields) {
      field.type = WithTimeRule(std::move(field.type), rule);
    }
  }
  return type;
}

Status CheckHashable(std::string_view column, const DataType& type) {
  if (const auto* option = std::get_if<odf::DataTypeOption>(&type.value)) {
    return CheckHashable(column, *option->inner);
  }
  if (const auto* fields = std::get_if<odf::DataTypeStruct>(&type.value)) {
    for (const odf::DataField& field : fields->fields) {
      RETURN_IF_ERROR(CheckHashable(fmt::format("{}.{}", column, field.name), field.type));
    }
    return Ok();
  }
  const auto* list = std::get_if<odf::DataTypeList>(&type.value);
  const bool list_of_structs =
      list != nullptr && Is<odf::DataTypeStruct>(Required(*list->item_type));
  if (list_of_structs || Is<odf::DataTypeMap>(type) || Is<odf::DataTypeDuration>(type) ||
      Is<odf::DataTypeNull>(type)) {
    const std::string_view top = column.substr(0, column.find('.'));
    return Invalid("column {}: {} has no logical hash in the format", column, NameOf(type))
        .WithHint(fmt::format("keep it as text: to_json(\"{}\") in the preprocess query", top));
  }
  if (list != nullptr) return CheckHashable(fmt::format("{}[]", column), *list->item_type);
  return Ok();
}

bool SameType(const DataType& left_type, const DataType& right_type) {
  const DataType& left = Required(left_type);
  const DataType& right = Required(right_type);
  if (left.value.index() != right.value.index()) return false;
  if (const auto* times = std::get_if<odf::DataTypeTimestamp>(&left.value)) {
    const auto& others = std::get<odf::DataTypeTimestamp>(right.value);
    return UnitOf(times->unit) == UnitOf(others.unit) &&
           times->timezone.value_or("UTC") == others.timezone.value_or("UTC");
  }
  if (const auto* time = std::get_if<odf::DataTypeTime>(&left.value)) {
    return UnitOf(time->unit) == UnitOf(std::get<odf::DataTypeTime>(right.value).unit);
  }
  if (const auto* list = std::get_if<odf::DataTypeList>(&left.value)) {
    const auto& other = std::get<odf::DataTypeList>(right.value);
    return list->fixed_length == other.fixed_length && SameType(*list->item_type, *other.item_type);
  }
  if (const auto* fields = std::get_if<odf::DataTypeStruct>(&left.value)) {
    const auto& others = std::get<odf::DataTypeStruct>(right.value).fields;
    return std::ranges::equal(fields->fields, others, [](const auto& one, const auto& other) {
      return one.name == other.name && SameType(one.type, other.type);
    });
  }
  return left == right;
}

bool Widens(const DataType& from, const DataType& to) {
  const DataType& source = Required(from);
  const DataType& target = Required(to);
  if (SameType(source, target)) return true;
  const IntegerRange small = RangeOf(source);
  const IntegerRange large = RangeOf(target);
  if (small.bits != 0 && large.bits != 0) {
    return small.bits < large.bits && (large.is_signed || !small.is_signed);
  }
  if (Is<odf::DataTypeFloat64>(target)) {
    return Is<odf::DataTypeFloat32>(source) || (small.bits != 0 && small.bits <= 32);
  }
  if (const auto* decimal = std::get_if<odf::DataTypeDecimal>(&target.value)) {
    const auto* other = std::get_if<odf::DataTypeDecimal>(&source.value);
    return other != nullptr && other->scale <= decimal->scale &&
           static_cast<int>(other->precision) - other->scale <=
               static_cast<int>(decimal->precision) - decimal->scale;
  }
  // A time of the engine is in microseconds; the slice has the unit that was declared.
  return Is<odf::DataTypeTime>(source) && Is<odf::DataTypeTime>(target);
}

std::string NameOf(const DataType& type) {
  constexpr auto kUnits = odf::NamesOf(odf::TimeUnit{});
  const auto unit = [&](const auto& of) { return kUnits[static_cast<std::size_t>(UnitOf(of))]; };
  return std::visit(
      Match{[&](const odf::DataTypeTimestamp& timestamp) {
              const std::string zone = timestamp.timezone.value_or("UTC");
              return fmt::format("Timestamp({}, {})", unit(timestamp.unit),
                                 zone.empty() ? "no time zone" : zone);
            },
            [&](const odf::DataTypeTime& time) { return fmt::format("Time({})", unit(time.unit)); },
            [](const odf::DataTypeDecimal& decimal) {
              return fmt::format("Decimal({}, {})", decimal.precision, decimal.scale);
            },
            [](const odf::DataTypeOption& option) { return NameOf(*option.inner); },
            [](const odf::DataTypeList& list) {
              return fmt::format("List({})", NameOf(*list.item_type));
            },
            [](const odf::DataTypeStruct& fields) {
              std::vector<std::string> parts;
              for (const auto& field : fields.fields) {
                parts.push_back(fmt::format("{} {}", field.name, NameOf(field.type)));
              }
              return fmt::format("Struct({})", fmt::join(parts, ", "));
            },
            []<typename T>(const T&) { return std::string(T::kKind); }},
      type.value);
}

}  // namespace weir::slices
