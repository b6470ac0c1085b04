#include "pipelines/input_format.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <utility>
#include <variant>

namespace weir::pipelines {
namespace {

using Names = std::pair<std::string_view, InputFormat>;

constexpr std::array<Names, 7> kNames = {{{"csv", InputFormat::kCsv},
                                          {"json", InputFormat::kJson},
                                          {"ndjson", InputFormat::kNdJson},
                                          {"parquet", InputFormat::kParquet},
                                          {"avro", InputFormat::kAvro},
                                          {"orc", InputFormat::kOrc},
                                          {"xlsx", InputFormat::kXlsx}}};

constexpr std::array<Names, 12> kMediaTypes = {
    {{"text/csv", InputFormat::kCsv},
     {"application/json", InputFormat::kJson},
     {"application/x-ndjson", InputFormat::kNdJson},
     {"application/x-jsonlines", InputFormat::kNdJson},
     {"application/vnd.apache.parquet", InputFormat::kParquet},
     {"application/x-parquet", InputFormat::kParquet},
     {"application/avro", InputFormat::kAvro},
     {"application/vnd.apache.avro", InputFormat::kAvro},
     {"avro/binary", InputFormat::kAvro},
     {"application/vnd.apache.orc", InputFormat::kOrc},
     {"application/x-orc", InputFormat::kOrc},
     {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", InputFormat::kXlsx}}};

constexpr std::array<Names, 10> kEndings = {{{".csv", InputFormat::kCsv},
                                             {".tsv", InputFormat::kCsv},
                                             {".txt", InputFormat::kCsv},
                                             {".ndjson", InputFormat::kNdJson},
                                             {".jsonl", InputFormat::kNdJson},
                                             {".parquet", InputFormat::kParquet},
                                             {".json", InputFormat::kJson},
                                             {".avro", InputFormat::kAvro},
                                             {".orc", InputFormat::kOrc},
                                             {".xlsx", InputFormat::kXlsx}}};

template <typename Table>
std::optional<InputFormat> Find(const Table& table, std::string_view text) {
  for (const auto& [name, format] : table) {
    if (name == text) return format;
  }
  return std::nullopt;
}

// The step of another format with the columns of `source`.
template <typename Step>
odf::ReadStep WithColumnsOf(const odf::ReadStep& source, Step step) {
  std::visit(
      [&](const auto& declared) {
        step.ddl_schema = declared.ddl_schema;
        step.schema = declared.schema;
      },
      source.value);
  return {std::move(step)};
}

}  // namespace

std::optional<InputFormat> ParseInputFormat(std::string_view name) { return Find(kNames, name); }

std::optional<InputFormat> FormatOfMediaType(std::string_view type) {
  std::string plain(type.substr(0, type.find(';')));
  while (plain.ends_with(' ')) plain.pop_back();
  std::ranges::transform(plain, plain.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return Find(kMediaTypes, plain);
}

std::optional<InputFormat> FormatOfName(std::string_view name) {
  for (const auto& [ending, format] : kEndings) {
    if (name.ends_with(ending)) return format;
  }
  return std::nullopt;
}

odf::ReadStep ReadStepAs(const odf::ReadStep& source, InputFormat format) {
  const auto is = [&]<typename Step>(const Step*) {
    return std::holds_alternative<Step>(source.value);
  };
  switch (format) {
    case InputFormat::kCsv: {
      if (is(static_cast<odf::ReadStepCsv*>(nullptr))) return source;
      odf::ReadStep csv = WithColumnsOf(source, odf::ReadStepCsv{});
      auto& step = std::get<odf::ReadStepCsv>(csv.value);
      step.header = true;
      if (!step.schema && !step.ddl_schema) step.infer_schema = true;
      return csv;
    }
    case InputFormat::kJson:
      return is(static_cast<odf::ReadStepJson*>(nullptr))
                 ? source
                 : WithColumnsOf(source, odf::ReadStepJson{});
    case InputFormat::kNdJson:
      return is(static_cast<odf::ReadStepNdJson*>(nullptr))
                 ? source
                 : WithColumnsOf(source, odf::ReadStepNdJson{});
    case InputFormat::kParquet:
    case InputFormat::kAvro:
    case InputFormat::kOrc:
    case InputFormat::kXlsx:
      return is(static_cast<odf::ReadStepParquet*>(nullptr))
                 ? source
                 : WithColumnsOf(source, odf::ReadStepParquet{});
  }
  return source;
}

}  // namespace weir::pipelines
