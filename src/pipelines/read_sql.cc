#include "pipelines/read_sql.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <variant>

#include "engine/sql_text.h"
#include "pipelines/time_format.h"

namespace weir::pipelines {
namespace {

using Declared = std::optional<std::vector<odf::DataField>>;

// Longer lines and JSON values are refused. A reader's buffers are a small multiple of this for
// every thread, whatever the bench's memory setting, so the engine's own choice is too generous.
constexpr int kMaxLineBytes = 4 << 20;
constexpr int kMaxObjectBytes = 8 << 20;
constexpr int kCsvBufferBytes = 8 << 20;

using Fields = std::vector<odf::DataField>;

// The type in which the reader gives a column, or none when it is cast afterwards.
odf::DataType ReadType(const odf::DataField& field, const ReadInput& input, TextLeaves leaves) {
  odf::DataType type = slices::WithTimeRule(field.type, input.times);
  if (input.casts == ReadInput::Casts::kByReader) return type;
  return WithTexts(type, leaves).value_or(type);
}

template <typename Step>
TextLeaves LeavesOf(const Step& step) {
  if constexpr (requires { step.timestamp_format; }) {
    if (step.timestamp_format) return TextLeaves::kNumbers;
  }
  return TextLeaves::kNumbersAndTimes;
}

// {'id': 'BIGINT', 'name': 'VARCHAR'}
Result<std::string> ColumnTypes(const Fields& fields, const ReadInput& input, TextLeaves leaves) {
  std::string text = "{";
  for (const odf::DataField& field : fields) {
    ASSIGN_OR_RETURN(const std::string type,
                     slices::SqlOf(field.name, ReadType(field, input, leaves)));
    if (text.size() > 1) text += ", ";
    text += engine::Literal(field.name) + ": " + engine::Literal(type);
  }
  return text + "}";
}

// What is selected of the columns that the reader gives.
Result<std::string> Selected(const Declared& declared, const ReadInput& input, TextLeaves leaves) {
  if (!declared || input.casts != ReadInput::Casts::kExact) return "*";
  std::string columns;
  for (const odf::DataField& field : *declared) {
    const std::string name = engine::Identifier(field.name);
    const odf::DataType type = slices::WithTimeRule(field.type, input.times);
    ASSIGN_OR_RETURN(const std::string sql, ExactCasts(field.name, name, type, leaves));
    if (!columns.empty()) columns += ", ";
    columns += sql == name ? name : sql + " AS " + name;
  }
  return columns;
}

Result<std::string> TimeOptions(const std::optional<std::string>& date_format,
                                const std::optional<std::string>& timestamp_format) {
  ASSIGN_OR_RETURN(const std::string dates, TimeFormat(date_format.value_or("")));
  ASSIGN_OR_RETURN(const std::string timestamps, TimeFormat(timestamp_format.value_or("")));
  std::string options;
  if (!dates.empty()) options += ", dateformat = " + engine::Literal(dates);
  if (!timestamps.empty()) options += ", timestampformat = " + engine::Literal(timestamps);
  return options;
}

Result<std::string> OneCharacter(std::string_view option, const std::string& text) {
  if (text.size() == 1) return engine::Literal(text);
  if (text == "\\t") return engine::Literal("\t");
  return Invalid("the read step Csv: {} is '{}', one character was expected", option, text);
}

Result<std::string> ReadCsv(const odf::ReadStepCsv& step, const Declared& declared,
                            const ReadInput& input) {
  ASSIGN_OR_RETURN(const std::string separator,
                   OneCharacter("separator", step.separator.value_or(",")));
  ASSIGN_OR_RETURN(const std::string quote, OneCharacter("quote", step.quote.value_or("\"")));
  // The step's default escape is a backslash, and yet "" inside of quotes is a quote to every
  // reader of this format. The engine wants to be told which of the two a file uses.
  const std::string usual = input.backslash_quotes ? "\\" : step.quote.value_or("\"");
  ASSIGN_OR_RETURN(const std::string escape, OneCharacter("escape", step.escape.value_or(usual)));
  ASSIGN_OR_RETURN(const std::string times, TimeOptions(step.date_format, step.timestamp_format));
  std::string columns = ", all_varchar = true";
  if (declared) {
    ASSIGN_OR_RETURN(const std::string types, ColumnTypes(*declared, input, LeavesOf(step)));
    columns = ", auto_detect = false, columns = " + types;
  } else if (step.infer_schema.value_or(false)) {
    columns.clear();
  }
  ASSIGN_OR_RETURN(const std::string selected, Selected(declared, input, LeavesOf(step)));
  return fmt::format(
      "SELECT {} FROM read_csv({}, delim = {}, quote = {}, escape = {}, header = {}, nullstr = {}, "
      "compression = 'uncompressed', max_line_size = {}, buffer_size = {}{}{})",
      selected, engine::Literal(input.path), separator, quote, escape, step.header.value_or(false),
      engine::Literal(step.null_value.value_or("")), kMaxLineBytes, kCsvBufferBytes, times,
      columns);
}

template <typename Step>
Result<std::string> ReadJson(const Step& step, std::string_view format, const Declared& declared,
                             const ReadInput& input) {
  ASSIGN_OR_RETURN(const std::string times, TimeOptions(step.date_format, step.timestamp_format));
  std::string columns;
  if (declared) {
    ASSIGN_OR_RETURN(const std::string types, ColumnTypes(*declared, input, LeavesOf(step)));
    columns = ", columns = " + types;
  }
  ASSIGN_OR_RETURN(const std::string selected, Selected(declared, input, LeavesOf(step)));
  return fmt::format(
      "SELECT {} FROM read_json({}, format = '{}', records = true, compression = 'uncompressed', "
      "maximum_object_size = {}{}{})",
      selected, engine::Literal(input.path), format, kMaxObjectBytes, times, columns);
}

// The leaves of which casting what the file has to `wanted` may cut something without a word.
std::optional<TextLeaves> CutLeaves(const odf::DataField& field, const odf::DataType& wanted,
                                    const ReadInput& input) {
  if (input.casts != ReadInput::Casts::kExact) return std::nullopt;
  const auto found = std::ranges::find(input.found, field.name, &engine::Column::name);
  if (found == input.found.end()) return std::nullopt;
  const bool is_text = found->type == "VARCHAR";
  const TextLeaves leaves = is_text ? TextLeaves::kNumbersAndTimes : TextLeaves::kNumbers;
  const auto type = slices::TypeFromSql(field.name, found->type);
  const bool is_kept = type && (slices::SameType(*type, wanted) || slices::Widens(*type, wanted));
  return !is_kept && WithTexts(wanted, leaves) ? std::optional(leaves) : std::nullopt;
}

Result<std::string> ReadParquet(const Declared& declared, const ReadInput& input) {
  std::string columns = declared ? "" : "*";
  for (const odf::DataField& field : declared.value_or(Fields())) {
    const std::string name = engine::Identifier(field.name);
    ASSIGN_OR_RETURN(const std::string sql, ParquetCast(field, name, input));
    if (!columns.empty()) columns += ", ";
    columns += sql + " AS " + name;
  }
  return fmt::format("SELECT {} FROM read_parquet({})", columns, engine::Literal(input.path));
}

}  // namespace

Result<std::string> ReadSql(const odf::ReadStep& read, const Declared& declared,
                            const ReadInput& input) {
  if (const auto* csv = std::get_if<odf::ReadStepCsv>(&read.value)) {
    return ReadCsv(*csv, declared, input);
  }
  if (const auto* json = std::get_if<odf::ReadStepJson>(&read.value)) {
    return ReadJson(*json, "array", declared, input);
  }
  if (const auto* lines = std::get_if<odf::ReadStepNdJson>(&read.value)) {
    return ReadJson(*lines, "newline_delimited", declared, input);
  }
  if (std::holds_alternative<odf::ReadStepParquet>(read.value)) return ReadParquet(declared, input);
  const std::string_view kind = std::visit([](const auto& step) { return step.kKind; }, read.value);
  return Unimplemented("the read step {} is accepted but not read yet", kind)
      .WithHint("convert the file to Csv, NdJson, Json or Parquet, for instance with a pipe");
}

Result<std::string> ParquetCast(const odf::DataField& field, const std::string& sql,
                                const ReadInput& input) {
  const odf::DataType wanted = slices::Required(slices::WithTimeRule(field.type, input.times));
  ASSIGN_OR_RETURN(const std::string type, slices::SqlOf(field.name, wanted));
  const auto leaves = CutLeaves(field, wanted, input);
  if (!leaves) return fmt::format("CAST({} AS {})", sql, type);
  ASSIGN_OR_RETURN(const std::string texts, slices::SqlOf(field.name, *WithTexts(wanted, *leaves)));
  return ExactCasts(field.name, fmt::format("CAST({} AS {})", sql, texts), wanted, *leaves);
}

TextLeaves LeavesOf(const odf::ReadStep& read) {
  return std::visit([](const auto& step) { return LeavesOf(step); }, read.value);
}

std::string EncodingOf(const odf::ReadStep& read) {
  std::string encoding = std::visit(
      [](const auto& step) -> std::string {
        if constexpr (requires { step.encoding; }) return step.encoding.value_or("utf8");
        return "utf8";
      },
      read.value);
  std::ranges::transform(encoding, encoding.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return encoding == "utf-8" || encoding.empty() ? "utf8" : encoding;
}

}  // namespace weir::pipelines
