#include "pipelines/tables/avro_type.h"

#include <arrow/type.h>
#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <map>
#include <optional>
#include <set>

#include "base/json_reader.h"

namespace weir::pipelines {
namespace {

namespace json = boost::json;
using Kind = AvroType::Kind;

// A named type can be used many times, so a short schema may say a very wide one.
constexpr std::size_t kMostTypes = 20'000;
constexpr std::size_t kMostFixedBytes = 16 << 20;
constexpr int kMostDigits = 38;

std::optional<std::string> TextAt(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return std::string(std::string_view(value->get_string()));
}

std::optional<std::int64_t> NumberAt(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  if (value == nullptr) return std::nullopt;
  if (value->is_int64()) return value->get_int64();
  if (value->is_uint64() && value->get_uint64() < 1'000'000'000) {
    return static_cast<std::int64_t>(value->get_uint64());
  }
  return std::nullopt;
}

std::optional<AvroType> Primitive(std::string_view name) {
  static const std::map<std::string_view, AvroType> kPrimitives = {
      {"null", {.kind = Kind::kNull, .arrow = arrow::utf8()}},
      {"boolean", {.kind = Kind::kBoolean, .arrow = arrow::boolean()}},
      {"int", {.kind = Kind::kInt, .arrow = arrow::int32()}},
      {"long", {.kind = Kind::kLong, .arrow = arrow::int64()}},
      {"float", {.kind = Kind::kFloat, .arrow = arrow::float32()}},
      {"double", {.kind = Kind::kDouble, .arrow = arrow::float64()}},
      {"bytes", {.kind = Kind::kBytes, .arrow = arrow::binary()}},
      {"string", {.kind = Kind::kString, .arrow = arrow::utf8()}},
  };
  const auto found = kPrimitives.find(name);
  return found == kPrimitives.end() ? std::nullopt : std::optional(found->second);
}

// What a logical type makes of an int or long; null for one that is none of theirs.
std::shared_ptr<arrow::DataType> TimeType(Kind kind, std::string_view logical) {
  using Unit = arrow::TimeUnit;
  if (kind == Kind::kInt) {
    if (logical == "date") return arrow::date32();
    return logical == "time-millis" ? arrow::time32(Unit::MILLI) : nullptr;
  }
  if (kind != Kind::kLong) return nullptr;
  if (logical == "time-micros") return arrow::time64(Unit::MICRO);
  const bool is_local = logical.starts_with("local-");
  if (is_local) logical.remove_prefix(6);
  const std::string zone = is_local ? "" : "UTC";
  if (logical == "timestamp-millis") return arrow::timestamp(Unit::MILLI, zone);
  if (logical == "timestamp-micros") return arrow::timestamp(Unit::MICRO, zone);
  if (logical == "timestamp-nanos") return arrow::timestamp(Unit::NANO, zone);
  return nullptr;
}

class SchemaParser {
 public:
  Result<AvroType> Parse(const json::value& schema, const std::string& space,
                         const std::string& path) {
    if (++types_ > kMostTypes) {
      return Exhausted("the Avro schema has more than {} types", kMostTypes);
    }
    if (schema.is_string()) return Named(std::string(schema.get_string()), space, path);
    if (schema.is_array()) return Union(schema.get_array(), space, path);
    if (schema.is_object()) return Object(schema.get_object(), space, path);
    return NoType(path);
  }

 private:
  static Error NoType(const std::string& path) {
    return Invalid("{}: the Avro schema has something that is no type", Place(path));
  }

  static std::string Place(const std::string& path) {
    return path.empty() ? std::string("the schema") : "column " + path;
  }

  static std::string FullName(const std::string& name, const std::string& space) {
    return name.find('.') != std::string::npos || space.empty() ? name : space + "." + name;
  }

  Result<AvroType> Named(const std::string& name, const std::string& space,
                         const std::string& path) {
    if (auto primitive = Primitive(name)) return *std::move(primitive);
    const std::string full = FullName(name, space);
    if (open_.contains(full)) {
      return Unimplemented("{}: the record {} holds itself, which no column can", Place(path),
                           full);
    }
    const auto found = named_.find(full);
    if (found == named_.end()) {
      return Invalid("{}: the Avro schema has no type {}", Place(path), full);
    }
    types_ += found->second.second;
    if (types_ > kMostTypes) {
      return Exhausted("the Avro schema has more than {} types", kMostTypes);
    }
    return found->second.first;
  }

  Result<AvroType> Union(const json::array& branches, const std::string& space,
                         const std::string& path) {
    std::optional<AvroType> type;
    int null_branch = -1;
    for (std::size_t i = 0; i < branches.size(); ++i) {
      if (branches[i].is_string() && branches[i].get_string() == "null") {
        null_branch = static_cast<int>(i);
        continue;
      }
      if (type) {
        return Unimplemented("{}: a union of several types is no column", Place(path))
            .WithHint("write a field for each of them, or a string");
      }
      ASSIGN_OR_RETURN(type, Parse(branches[i], space, path));
      if (type->branches > 0) return NoType(path);
    }
    if (!type) type = Primitive("null");
    type->branches = static_cast<int>(branches.size());
    type->null_branch = null_branch;
    return *std::move(type);
  }

  Result<AvroType> Object(const json::object& object, const std::string& space,
                          const std::string& path) {
    const auto* inner = object.if_contains("type");
    if (inner == nullptr) return NoType(path);
    if (!inner->is_string()) return Parse(*inner, space, path);
    const std::string kind(inner->get_string());
    if (kind == "record" || kind == "error") return Record(object, space, path);
    if (kind == "array") return Holding(Kind::kArray, object, "items", space, path);
    if (kind == "map") return Holding(Kind::kMap, object, "values", space, path);
    if (kind == "enum") return Enum(object, space, path);
    AvroType type;
    if (kind == "fixed") {
      ASSIGN_OR_RETURN(type, Fixed(object, space, path));
    } else {
      ASSIGN_OR_RETURN(type, Named(kind, space, path));
    }
    RETURN_IF_ERROR(AddLogicalType(object, type, path));
    // The name stands for the type with what its definition adds.
    if (kind == "fixed") Keep(object, space, type, 1);
    return type;
  }

  static Status AddLogicalType(const json::object& object, AvroType& type,
                               const std::string& path) {
    const std::string logical = TextAt(object, "logicalType").value_or("");
    if (auto time = TimeType(type.kind, logical)) type.arrow = std::move(time);
    if (logical != "decimal" || (type.kind != Kind::kBytes && type.kind != Kind::kFixed)) {
      return Ok();
    }
    const std::int64_t precision = NumberAt(object, "precision").value_or(0);
    const std::int64_t scale = NumberAt(object, "scale").value_or(0);
    if (precision < 1 || scale < 0 || scale > precision) {
      return Invalid("{}: a decimal of {} digits, {} of them after the point", Place(path),
                     precision, scale);
    }
    if (precision > kMostDigits) {
      return Unimplemented("{}: a decimal of {} digits; {} is the most", Place(path), precision,
                           kMostDigits);
    }
    type.is_decimal = true;
    type.arrow = arrow::decimal128(static_cast<int>(precision), static_cast<int>(scale));
    return Ok();
  }

  Result<AvroType> Record(const json::object& object, const std::string& space,
                          const std::string& path) {
    const auto* fields = object.if_contains("fields");
    if (fields == nullptr || !fields->is_array()) return NoType(path);
    const std::string name = FullName(TextAt(object, "name").value_or(""), SpaceOf(object, space));
    const std::size_t dot = name.rfind('.');
    const std::string inner_space = dot == std::string::npos ? "" : name.substr(0, dot);
    const std::size_t before = types_;
    open_.insert(name);
    AvroType record{.kind = Kind::kRecord};
    arrow::FieldVector arrow_fields;
    for (const json::value& field : fields->get_array()) {
      const auto* described = field.if_object();
      const auto field_name = described == nullptr ? std::nullopt : TextAt(*described, "name");
      const auto* type = described == nullptr ? nullptr : described->if_contains("type");
      if (!field_name || type == nullptr) return NoType(path);
      if (std::ranges::find(record.names, *field_name) != record.names.end()) {
        return Invalid("{}: the field {} is there twice", Place(path), *field_name);
      }
      ASSIGN_OR_RETURN(AvroType part, Parse(*type, inner_space,
                                            path.empty() ? *field_name : path + "." + *field_name));
      arrow_fields.push_back(arrow::field(*field_name, part.arrow));
      record.names.push_back(*field_name);
      record.parts.push_back(std::move(part));
    }
    open_.erase(name);
    record.arrow = arrow::struct_(std::move(arrow_fields));
    Keep(object, space, record, types_ - before + 1);
    return record;
  }

  Result<AvroType> Holding(Kind kind, const json::object& object, std::string_view key,
                           const std::string& space, const std::string& path) {
    const auto* held = object.if_contains(key);
    if (held == nullptr) return NoType(path);
    ASSIGN_OR_RETURN(AvroType part, Parse(*held, space, path + "[]"));
    AvroType type{.kind = kind};
    type.arrow =
        kind == Kind::kArray ? arrow::list(part.arrow) : arrow::map(arrow::utf8(), part.arrow);
    type.parts.push_back(std::move(part));
    return type;
  }

  Result<AvroType> Enum(const json::object& object, const std::string& space,
                        const std::string& path) {
    const auto* symbols = object.if_contains("symbols");
    if (symbols == nullptr || !symbols->is_array()) return NoType(path);
    AvroType type{.kind = Kind::kEnum, .arrow = arrow::utf8()};
    for (const json::value& symbol : symbols->get_array()) {
      if (!symbol.is_string()) return NoType(path);
      type.names.emplace_back(symbol.get_string());
    }
    Keep(object, space, type, 1);
    return type;
  }

  static Result<AvroType> Fixed(const json::object& object, const std::string&,
                                const std::string& path) {
    const auto size = NumberAt(object, "size");
    if (!size || *size < 0 || static_cast<std::size_t>(*size) > kMostFixedBytes) {
      return NoType(path);
    }
    return AvroType{
        .kind = Kind::kFixed, .arrow = arrow::binary(), .size = static_cast<std::size_t>(*size)};
  }

  static std::string SpaceOf(const json::object& object, const std::string& space) {
    return TextAt(object, "namespace").value_or(space);
  }

  void Keep(const json::object& object, const std::string& space, const AvroType& type,
            std::size_t types) {
    const auto name = TextAt(object, "name");
    if (name) named_[FullName(*name, SpaceOf(object, space))] = {type, types};
  }

  std::map<std::string, std::pair<AvroType, std::size_t>> named_;  // and of how many types it is
  std::set<std::string> open_;
  std::size_t types_ = 0;
};

}  // namespace

Result<AvroType> ParseAvroSchema(std::string_view text) {
  auto schema = ParseJson(text);
  if (!schema) return Invalid("the Avro schema: {}", schema.error().message);
  ASSIGN_OR_RETURN(AvroType type, SchemaParser().Parse(*schema, "", ""));
  if (type.kind != Kind::kRecord || type.branches > 0) {
    return Invalid("the Avro schema is no record, so the file has no columns");
  }
  if (type.parts.empty()) return Invalid("the Avro schema is a record without fields");
  return type;
}

}  // namespace weir::pipelines
