#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "odf/data_type.h"

// The engine rounds what does not fit: 1.5 becomes the integer 2, and 1.239 the decimal 1.24. So
// readers give integers and decimals as texts, and the casts here refuse what would be cut.

namespace weir::pipelines {

/// `type` with texts in place of the numbers that are cast here; nullopt when it has none.
std::optional<odf::DataType> WithTextNumbers(const odf::DataType& type);

/// The SQL that makes values of `type` of `sql`, whose type is WithTextNumbers of it. Running it is
/// kInvalid where a text is no such number, or would be cut to be one.
Result<std::string> ExactNumbers(const std::string& column, const std::string& sql,
                                 const odf::DataType& type);

}  // namespace weir::pipelines
