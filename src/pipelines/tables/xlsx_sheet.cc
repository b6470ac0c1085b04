#include "pipelines/tables/xlsx_sheet.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "pipelines/tables/xlsx_time.h"

namespace weir::pipelines {
namespace {

using Event = XmlReader::Event;
using Kind = XlsxCell::Kind;

// The program's own limits.
constexpr std::uint32_t kMostRows = 1'048'576;
constexpr std::uint32_t kMostColumns = 16'384;
constexpr std::size_t kLongestValue = 200;

std::optional<std::uint32_t> Whole(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(value)
                                                                  : std::nullopt;
}

// The column of "AB12", from 0.
std::optional<std::uint32_t> ColumnOf(std::string_view reference) {
  std::uint32_t column = 0;
  for (const char c : reference) {
    if (c < 'A' || c > 'Z') break;
    column = column * 26 + static_cast<std::uint32_t>(c - 'A') + 1;
    if (column > kMostColumns) return std::nullopt;
  }
  return column == 0 ? std::nullopt : std::optional(column - 1);
}

bool IsInteger(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

std::optional<double> Double(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) {
    return std::nullopt;
  }
  return value;
}

}  // namespace

std::string XlsxColumnName(std::uint32_t column) {
  std::string name;
  for (std::uint32_t left = column + 1; left > 0; left = (left - 1) / 26) {
    name.insert(name.begin(), static_cast<char>('A' + (left - 1) % 26));
  }
  return name;
}

Error XlsxSheet::Refused(const XlsxCell& cell, std::string_view why) const {
  return Invalid("row {}, column {}: '{}' {}", row_, XlsxColumnName(cell.column),
                 cell.text.substr(0, kLongestValue), why);
}

Result<bool> XlsxSheet::Next() {
  while (!is_done_) {
    ASSIGN_OR_RETURN(const Event event, xml_.Next());
    if (event == Event::kDone) {
      return Invalid("after row {}: the sheet breaks off", row_);
    }
    if (event == Event::kEnd && xml_.name() == "sheetData") is_done_ = true;
    if (event != Event::kStart || xml_.name() != "row") continue;
    RETURN_IF_ERROR(ReadRow());
    if (!cells_.empty()) return true;
  }
  return false;
}

Status XlsxSheet::ReadRow() {
  if (row_ % 1024 == 0) RETURN_IF_ERROR(context_.Check());
  cells_.clear();
  const std::string* number = xml_.attribute("r");
  const auto row = number == nullptr ? std::optional(row_ + 1) : Whole(*number);
  if (!row || *row <= row_ || *row > kMostRows) {
    return Invalid("after row {}: the sheet's rows are not in order", row_);
  }
  row_ = *row;
  std::uint32_t next_column = 0;
  for (;;) {
    ASSIGN_OR_RETURN(const Event event, xml_.Next());
    if (event == Event::kDone) return Invalid("in row {}: the sheet breaks off", row_);
    if (event == Event::kEnd && xml_.name() == "row") return Ok();
    if (event == Event::kStart && xml_.name() == "c") RETURN_IF_ERROR(ReadCell(next_column));
  }
}

Status XlsxSheet::ReadCell(std::uint32_t& next_column) {
  const std::string* reference = xml_.attribute("r");
  const auto column = reference == nullptr ? std::optional(next_column) : ColumnOf(*reference);
  if (!column || *column < next_column || *column >= kMostColumns) {
    return Invalid("row {}: its cells are not in order", row_);
  }
  next_column = *column + 1;
  const std::string type = xml_.attribute("t") == nullptr ? "n" : *xml_.attribute("t");
  const auto style = xml_.attribute("s") == nullptr ? 0 : Whole(*xml_.attribute("s")).value_or(0);
  XlsxCell cell{.column = *column};
  bool has_value = false;
  for (;;) {
    ASSIGN_OR_RETURN(const Event event, xml_.Next());
    if (event == Event::kDone) return Invalid("in row {}: the sheet breaks off", row_);
    if (event == Event::kEnd && xml_.name() == "c") break;
    if (event != Event::kStart || (xml_.name() != "v" && xml_.name() != "is")) continue;
    ASSIGN_OR_RETURN(cell.text, xml_.Content("rPh"));
    has_value = true;
  }
  if (!has_value || (cell.text.empty() && type != "s")) return Ok();
  RETURN_IF_ERROR(Settle(cell, type, style));
  if (!cell.text.empty()) cells_.push_back(std::move(cell));
  return Ok();
}

Status XlsxSheet::Settle(XlsxCell& cell, const std::string& type, std::uint32_t style) const {
  if (type == "n") return SettleNumber(cell, style);
  if (type == "s") {
    const auto number = Whole(cell.text);
    if (!number || *number >= book_.texts.size())
      return Refused(cell, "is no text of the workbook");
    cell.text = book_.texts[*number];
    return Ok();
  }
  if (type == "b") {
    if (cell.text != "0" && cell.text != "1") return Refused(cell, "is neither true nor false");
    cell.text = cell.text == "1" ? "true" : "false";
    cell.kind = Kind::kBoolean;
    return Ok();
  }
  if (type == "e") {
    return Refused(cell, "is an error, no value")
        .WithHint("clear the cell, or correct its formula");
  }
  if (type == "d") {
    std::ranges::replace(cell.text, 'T', ' ');
    cell.kind = cell.text.find(' ') == std::string::npos ? Kind::kDate : Kind::kTimestamp;
    return Ok();
  }
  return Ok();  // str, inlineStr
}

Status XlsxSheet::SettleNumber(XlsxCell& cell, std::uint32_t style) const {
  const auto value = Double(cell.text);
  if (!value) return Refused(cell, "is no number");
  const XlsxNumber number = style < book_.styles.size() ? book_.styles[style] : XlsxNumber::kPlain;
  if (number == XlsxNumber::kPlain) {
    cell.kind = IsInteger(cell.text) ? Kind::kInteger : Kind::kDouble;
    return Ok();
  }
  if (number == XlsxNumber::kTimeOfDay && *value >= 0 && *value < 1) {
    cell.text = XlsxTimeOfDay(*value);
    return Ok();
  }
  const auto time = XlsxTime(*value, book_.counts_from_1904);
  if (!time) return Refused(cell, "is no date");
  cell.text = time->text;
  cell.kind = time->is_date ? Kind::kDate : Kind::kTimestamp;
  return Ok();
}

}  // namespace weir::pipelines
