#include "sql/schema_text.h"

#include <arrow/api.h>
#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "odf/arrow_schema.h"
#include "odf/json.h"
#include "resources/yaml_writer.h"

namespace weir::sql {
namespace {

namespace json = boost::json;

json::object FieldOf(const arrow::Field& field);

std::string_view NameOf(arrow::TimeUnit::type unit) {
  switch (unit) {
    case arrow::TimeUnit::SECOND:
      return "Second";
    case arrow::TimeUnit::MILLI:
      return "Millisecond";
    case arrow::TimeUnit::MICRO:
      return "Microsecond";
    case arrow::TimeUnit::NANO:
      return "Nanosecond";
  }
  return "Second";
}

json::value TimestampOf(const arrow::TimestampType& type) {
  json::value zone = nullptr;
  if (!type.timezone().empty()) zone = type.timezone();
  return json::object{{"Timestamp", json::array{NameOf(type.unit()), std::move(zone)}}};
}

// The names of the Arrow implementation in Rust, whose JSON this form is.
json::value TypeOf(const arrow::DataType& type) {
  switch (type.id()) {
    case arrow::Type::BOOL:
      return "Boolean";
    case arrow::Type::INT8:
      return "Int8";
    case arrow::Type::INT16:
      return "Int16";
    case arrow::Type::INT32:
      return "Int32";
    case arrow::Type::INT64:
      return "Int64";
    case arrow::Type::UINT8:
      return "UInt8";
    case arrow::Type::UINT16:
      return "UInt16";
    case arrow::Type::UINT32:
      return "UInt32";
    case arrow::Type::UINT64:
      return "UInt64";
    case arrow::Type::FLOAT:
      return "Float32";
    case arrow::Type::DOUBLE:
      return "Float64";
    case arrow::Type::STRING:
      return "Utf8";
    case arrow::Type::BINARY:
      return "Binary";
    case arrow::Type::DATE32:
      return "Date32";
    case arrow::Type::NA:
      return "Null";
    case arrow::Type::TIMESTAMP:
      return TimestampOf(static_cast<const arrow::TimestampType&>(type));
    case arrow::Type::TIME64:
      return json::object{{"Time64", NameOf(static_cast<const arrow::Time64Type&>(type).unit())}};
    case arrow::Type::DECIMAL128: {
      const auto& decimal = static_cast<const arrow::Decimal128Type&>(type);
      return json::object{{"Decimal128", json::array{decimal.precision(), decimal.scale()}}};
    }
    case arrow::Type::LIST:
      return json::object{{"List", FieldOf(*type.field(0))}};
    case arrow::Type::FIXED_SIZE_LIST:
      return json::object{
          {"FixedSizeList",
           json::array{FieldOf(*type.field(0)),
                       static_cast<const arrow::FixedSizeListType&>(type).list_size()}}};
    case arrow::Type::MAP:
      return json::object{{"Map", json::array{FieldOf(*type.field(0)), false}}};
    case arrow::Type::STRUCT: {
      json::array fields;
      for (const auto& field : type.fields()) fields.push_back(FieldOf(*field));
      return json::object{{"Struct", std::move(fields)}};
    }
    default:
      return json::value(type.ToString());
  }
}

json::object FieldOf(const arrow::Field& field) {
  return {{"name", field.name()},         {"data_type", TypeOf(*field.type())},
          {"nullable", field.nullable()}, {"dict_id", 0},
          {"dict_is_ordered", false},     {"metadata", json::object()}};
}

}  // namespace

Result<json::value> SchemaText(const arrow::Schema& schema, SchemaFormat format) {
  if (format == SchemaFormat::kArrowJson) {
    json::array fields;
    for (const auto& field : schema.fields()) fields.push_back(FieldOf(*field));
    return json::value{{"fields", std::move(fields)}, {"metadata", json::object()}};
  }
  ASSIGN_OR_RETURN(const odf::DataSchema columns, odf::DataSchemaOf(schema));
  json::value as_json = odf::ToJson(columns);
  if (format == SchemaFormat::kOdfJson) return as_json;
  return json::value(resources::WriteYaml(as_json));
}

}  // namespace weir::sql
