#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace weir::pipelines {

/// The engine's words about a bad row, as ours: kInvalid with file, line, column and value, of
/// which the value was asked for. Other errors keep their words, with `name` where they name the
/// file.
Error ExplainReaderError(const Error& error, std::string_view path, std::string_view name);

}  // namespace weir::pipelines
