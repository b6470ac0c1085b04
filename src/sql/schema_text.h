#pragma once

#include <boost/json/value.hpp>
#include <string_view>

#include "base/result.h"

namespace arrow {
class Schema;
}

namespace weir::sql {

/// How the columns of a result are told.
enum class SchemaFormat { kArrowJson, kOdfJson, kOdfYaml };

/// A JSON object, or for YAML a text. kInvalid for a type that the format has no word for.
Result<boost::json::value> SchemaText(const arrow::Schema& schema, SchemaFormat format);

}  // namespace weir::sql
