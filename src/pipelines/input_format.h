#pragma once

#include <optional>
#include <string_view>

#include "odf/source_steps.h"

namespace weir::pipelines {

/// The formats that files are read in.
enum class InputFormat { kCsv, kJson, kNdJson, kParquet };

/// "csv", "json", "ndjson", "parquet".
std::optional<InputFormat> ParseInputFormat(std::string_view name);
/// text/csv, application/json, application/x-ndjson and application/vnd.apache.parquet; parameters
/// after a semicolon are ignored. nullopt for anything else.
std::optional<InputFormat> FormatOfMediaType(std::string_view type);
/// By the ending of a file's name.
std::optional<InputFormat> FormatOfName(std::string_view name);

/// A read step of `format` for what `source` declares: itself where it is of that format, and
/// otherwise the plain step (of Csv, with a header) with its columns.
odf::ReadStep ReadStepAs(const odf::ReadStep& source, InputFormat format);

}  // namespace weir::pipelines
