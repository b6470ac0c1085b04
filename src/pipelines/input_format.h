#pragma once

#include <optional>
#include <string_view>

#include "odf/source_steps.h"

namespace weir::pipelines {

/// The formats that files are read in.
enum class InputFormat { kCsv, kJson, kNdJson, kParquet, kAvro, kOrc, kXlsx };

/// Whether no read step of a manifest has `format`, so that a file of it is pushed only, and is
/// made Parquet first (converted_input.h).
constexpr bool IsConverted(InputFormat format) {
  return format == InputFormat::kAvro || format == InputFormat::kOrc ||
         format == InputFormat::kXlsx;
}

/// "csv", "json", "ndjson", "parquet", "avro", "orc", "xlsx".
std::optional<InputFormat> ParseInputFormat(std::string_view name);
/// text/csv, application/json, application/x-ndjson, application/vnd.apache.parquet and what the
/// others are registered as; parameters after a semicolon are ignored. nullopt for anything else.
std::optional<InputFormat> FormatOfMediaType(std::string_view type);
/// By the ending of a file's name.
std::optional<InputFormat> FormatOfName(std::string_view name);

/// A read step of `format` for what `source` declares: itself where it is of that format, and
/// otherwise the plain step (of Csv, with a header) with its columns. Of a format that is
/// converted, the step that reads what it was made into.
odf::ReadStep ReadStepAs(const odf::ReadStep& source, InputFormat format);

}  // namespace weir::pipelines
