#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "odf/data_type.h"

// The engine's casts cut what does not fit without a word: 1.5 becomes the integer 2, 1.239 the
// decimal 1.24, and a naive time loses its offset. So readers give such values as texts, and the
// casts here refuse what would be cut. Plain texts, nearly all, are cast the fast way.

namespace weir::pipelines {

/// Which leaves of a type are read as texts and cast here.
enum class TextLeaves {
  kNumbers,          ///< integers and decimals
  kNumbersAndTimes,  ///< and timestamps, where a reader is not told their format
};

/// `type` with texts in place of the leaves that are cast here; nullopt when it has none.
std::optional<odf::DataType> WithTexts(const odf::DataType& type, TextLeaves leaves);

/// The SQL that makes values of `type` of `sql`, whose type is WithTexts of it. Running it is
/// kInvalid where a text is no such value, or would be cut to be one. Only what is finer than a
/// Timestamp of milliseconds is cut, as the format wants it.
Result<std::string> ExactCasts(const std::string& column, const std::string& sql,
                               const odf::DataType& type, TextLeaves leaves);

}  // namespace weir::pipelines
