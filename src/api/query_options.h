#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/route.h"
#include "api/schema.h"
#include "base/result.h"
#include "engine/engine.h"
#include "sql/row_encoder.h"
#include "sql/schema_text.h"

namespace weir::api {

/// How a caller wants rows, the same for queries and tails.
struct RowOptions {
  std::string format_name = "JsonAoS";
  sql::RowFormat format = sql::RowFormat::kJsonAoS;
  bool with_schema = false;
  std::string schema_format_name = "OdfJson";
  sql::SchemaFormat schema_format = sql::SchemaFormat::kOdfJson;
};

/// The names a format may be given by: those of the format's standard, and Ndjson, Csv and Parquet,
/// whose answers are rows and nothing else.
schema::Schema DataFormatSchema();
schema::Schema SchemaFormatSchema();

/// Most rows that may be skipped or asked for (spec section 14).
inline constexpr std::int64_t kMostRows = 100'000'000;

/// From "dataFormat" and "schemaFormat" of a request that its schema has let through. A schema
/// format asks for the schema too.
RowOptions RowOptionsOf(const boost::json::object& request);

/// Whether rows go into JSON with more around them.
bool IsWrapped(sql::RowFormat format);

/// The content type of rows in `format`.
std::string_view ContentTypeOf(sql::RowFormat format);

/// Answers with rows: `before` and `after` go around them in JSON. What is short is sent whole, so
/// that a mistake that shows late still gets a problem; the rest streams.
Outcome RowsResponse(std::unique_ptr<engine::RowStream> rows, const RowOptions& options,
                     std::string before, std::string after);

/// `"dataFormat":"JsonAoS","schema":{...},"schemaFormat":"OdfJson","data":`
Result<std::string> HeadOfOutput(const engine::RowStream& rows, const RowOptions& options);

}  // namespace weir::api
