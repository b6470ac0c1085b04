#include "cli/records.h"

#include <boost/json/value.hpp>

#include <algorithm>
#include <array>
#include <utility>

#include "base/check.h"
#include "cli/json_text.h"
#include "cli/text_width.h"
#include "resources/yaml_writer.h"

namespace weir::cli {
namespace {

namespace json = boost::json;

constexpr std::array<std::pair<std::string_view, Format>, 7> kFormats = {{
    {"table", Format::kTable},
    {"wide", Format::kWide},
    {"json", Format::kJson},
    {"yaml", Format::kYaml},
    {"ndjson", Format::kNdjson},
    {"csv", Format::kCsv},
    {"name", Format::kName},
}};

std::string CellText(const json::value& value) {
  if (value.is_null()) return {};
  if (value.is_string()) return std::string(value.get_string());
  if (!value.is_array()) return CompactJson(value);
  std::string joined;
  for (const json::value& item : value.get_array()) {
    if (!joined.empty()) joined += ',';
    joined += CellText(item);
  }
  return joined;
}

std::vector<const Column*> ColumnsOf(const Shape& shape, Format format) {
  std::vector<const Column*> columns;
  for (const Column& column : shape.columns) {
    if (column.shown != Column::Shown::kWide || format != Format::kTable) {
      columns.push_back(&column);
    }
  }
  return columns;
}

// RFC 4180, with line ends as everything else here has them.
std::string CsvField(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

std::string CsvTitle(const Column& column) {
  std::string title = column.title;
  std::ranges::transform(title, title.begin(), [](char c) {
    return c == ' ' ? '_' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return title;
}

void PrintJson(Output& out, const std::vector<Record>& records, Plural plural) {
  if (plural == Plural::kSingle && records.size() == 1) {
    out.Write(PrettyJson(records.front()) + "\n");
    return;
  }
  json::array list;
  for (const Record& record : records) list.emplace_back(record);
  out.Write(PrettyJson(list) + "\n");
}

}  // namespace

Flag OutputFlag() {
  Flag flag{.name = "output", .letter = 'o', .value = "FORMAT", .sentence = "how to print"};
  flag.fallback = "table";
  for (const auto& [name, format] : kFormats) flag.choices.emplace_back(name);
  flag.completes = Completes::kChoices;
  return flag;
}

Format FormatOf(std::string_view name) {
  for (const auto& [known, format] : kFormats) {
    if (known == name) return format;
  }
  CheckFailed("a format among the choices of -o", __FILE__, __LINE__, name);
}

std::function<std::string(const Record&)> At(std::string_view path) {
  std::vector<std::string> names;
  while (!path.empty()) {
    const std::size_t dot = std::min(path.find('.'), path.size());
    names.emplace_back(path.substr(0, dot));
    path.remove_prefix(std::min(dot + 1, path.size()));
  }
  return [names](const Record& record) -> std::string {
    const Record* object = &record;
    for (const std::string& name : names) {
      const json::value* const value = object->if_contains(name);
      if (value == nullptr) return {};
      if (&name == &names.back()) return CellText(*value);
      if (!value->is_object()) return {};
      object = &value->get_object();
    }
    return {};
  };
}

void PrintRecords(Output& out, const Terminal& terminal, Format format, const Shape& shape,
                  const std::vector<Record>& records, Plural plural) {
  if (format == Format::kJson) return PrintJson(out, records, plural);
  RecordStream(out, terminal, format, shape).Print(records);
}

RecordStream::RecordStream(Output& out, const Terminal& terminal, Format format, const Shape& shape)
    : out_(out),
      terminal_(terminal),
      format_(format),
      shape_(shape),
      columns_(ColumnsOf(shape, format)),
      widths_(columns_.size(), 0) {}

void RecordStream::Print(const std::vector<Record>& records) {
  switch (format_) {
    case Format::kTable:
    case Format::kWide:
      return PrintTable(records);
    case Format::kCsv:
      return PrintCsv(records);
    case Format::kJson:
    case Format::kYaml:
    case Format::kNdjson:
      for (const Record& record : records) PrintDocument(record);
      return;
    case Format::kName:
      for (const Record& record : records) out_.Write(Printable(shape_.name(record)) + "\n");
      return;
  }
}

void RecordStream::PrintTable(const std::vector<Record>& records) {
  if (records.empty()) return;
  std::vector<std::vector<std::string>> rows;
  if (!begun_) {
    LeaveOutWhatIsNotSaid(records);
    std::vector<std::string>& titles = rows.emplace_back();
    for (const Column* column : columns_) titles.push_back(column->title);
  }
  for (const Record& record : records) {
    std::vector<std::string>& row = rows.emplace_back();
    for (const Column* column : columns_) row.push_back(Printable(column->cell(record)));
  }
  for (const std::vector<std::string>& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths_[i] = std::max(widths_[i], WidthOf(row[i]));
  }
  for (const std::vector<std::string>& row : rows) {
    PrintRow(row, !begun_);
    begun_ = true;
  }
}

void RecordStream::LeaveOutWhatIsNotSaid(const std::vector<Record>& records) {
  std::erase_if(columns_, [&](const Column* column) {
    return format_ == Format::kTable && column->shown == Column::Shown::kWhereSaid &&
           std::ranges::all_of(records,
                               [&](const Record& record) { return column->cell(record).empty(); });
  });
  widths_.resize(columns_.size());
}

void RecordStream::PrintRow(const std::vector<std::string>& cells, bool is_title) {
  constexpr std::size_t kGap = 3;
  std::string line;
  std::size_t blanks = 0;  // held back, so that no line ends with them
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const Tint tint = is_title              ? Tint::kStrong
                      : columns_[i]->status ? TintOfStatus(cells[i])
                                            : Tint::kNone;
    if (!cells[i].empty()) {
      line.append(blanks, ' ');
      line += Tinted(cells[i], tint, terminal_.out_color);
      blanks = 0;
    }
    blanks += widths_[i] - WidthOf(cells[i]) + kGap;
  }
  out_.Write(line + "\n");
}

void RecordStream::PrintCsv(const std::vector<Record>& records) {
  const auto print_row = [this](const std::function<std::string(const Column&)>& cell) {
    std::string line;
    for (const Column* column : columns_) {
      if (column != columns_.front()) line += ',';
      line += CsvField(cell(*column));
    }
    out_.Write(line + "\n");
  };
  if (!begun_) print_row(CsvTitle);
  begun_ = true;
  for (const Record& record : records) {
    print_row([&](const Column& column) { return column.cell(record); });
  }
}

void RecordStream::PrintDocument(const Record& record) {
  if (format_ == Format::kJson) return out_.Write(PrettyJson(record) + "\n");
  if (format_ == Format::kNdjson) return out_.Write(CompactJson(record) + "\n");
  if (begun_) out_.Write("---\n");
  begun_ = true;
  out_.Write(resources::WriteYaml(record));
}

}  // namespace weir::cli
