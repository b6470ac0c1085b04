#include "api/query_options.h"

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <utility>

#include "base/json_string.h"
#include "sql/encoded_rows.h"

namespace weir::api {
namespace {

constexpr std::size_t kSentWhole = 1 << 20;

constexpr std::array<std::pair<std::string_view, sql::RowFormat>, 6> kFormats = {{
    {"JsonAoS", sql::RowFormat::kJsonAoS},
    {"JsonSoA", sql::RowFormat::kJsonSoA},
    {"JsonAoA", sql::RowFormat::kJsonAoA},
    {"Ndjson", sql::RowFormat::kNdjson},
    {"Csv", sql::RowFormat::kCsv},
    {"Parquet", sql::RowFormat::kParquet},
}};

constexpr std::array<std::pair<std::string_view, sql::SchemaFormat>, 3> kSchemaFormats = {{
    {"ArrowJson", sql::SchemaFormat::kArrowJson},
    {"OdfJson", sql::SchemaFormat::kOdfJson},
    {"OdfYaml", sql::SchemaFormat::kOdfYaml},
}};

template <typename Names>
schema::Schema NamesIn(const Names& names) {
  std::vector<std::string_view> values;
  for (const auto& [name, value] : names) values.push_back(name);
  return schema::OneOf(values);
}

template <typename Names>
auto ValueOf(const Names& names, std::string_view wanted) {
  return std::ranges::find_if(names, [&](const auto& each) { return each.first == wanted; })
      ->second;
}

}  // namespace

schema::Schema DataFormatSchema() { return NamesIn(kFormats); }
schema::Schema SchemaFormatSchema() { return NamesIn(kSchemaFormats); }

RowOptions RowOptionsOf(const boost::json::object& request) {
  RowOptions options;
  if (auto name = TextIn(request, "dataFormat")) {
    options.format = ValueOf(kFormats, *name);
    options.format_name = *std::move(name);
  }
  if (auto name = TextIn(request, "schemaFormat")) {
    options.with_schema = true;
    options.schema_format = ValueOf(kSchemaFormats, *name);
    options.schema_format_name = *std::move(name);
  }
  return options;
}

bool IsWrapped(sql::RowFormat format) {
  return format == sql::RowFormat::kJsonAoS || format == sql::RowFormat::kJsonSoA ||
         format == sql::RowFormat::kJsonAoA;
}

std::string_view ContentTypeOf(sql::RowFormat format) {
  switch (format) {
    case sql::RowFormat::kNdjson:
      return "application/x-ndjson";
    case sql::RowFormat::kCsv:
      return "text/csv; charset=utf-8";
    case sql::RowFormat::kParquet:
      return "application/vnd.apache.parquet";
    default:
      return "application/json";
  }
}

Outcome RowsResponse(std::unique_ptr<engine::RowStream> rows, const RowOptions& options,
                     std::string before, std::string after) {
  auto encoded =
      sql::EncodedRows::Make(std::move(rows), options.format, std::move(before), std::move(after));
  if (!encoded) return std::move(encoded).error();
  const auto all = (*encoded)->Prepare(kSentWhole);
  if (!all) return all.error();
  Response response{.headers = {{"Content-Type", std::string(ContentTypeOf(options.format))}}};
  if (*all) {
    response.body = (*encoded)->TakeAll();
  } else {
    response.body = std::unique_ptr<ByteSource>(*std::move(encoded));
  }
  return response;
}

Result<std::string> HeadOfOutput(const engine::RowStream& rows, const RowOptions& options) {
  std::string head = "\"dataFormat\":";
  AppendJsonString(head, options.format_name);
  if (options.with_schema) {
    ASSIGN_OR_RETURN(const auto told, sql::SchemaText(*rows.schema(), options.schema_format));
    head += ",\"schema\":" + boost::json::serialize(told) + ",\"schemaFormat\":";
    AppendJsonString(head, options.schema_format_name);
  }
  return head + ",\"data\":";
}

}  // namespace weir::api
