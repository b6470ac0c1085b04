#include "cli/commands/rows_table.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <vector>

#include "cli/json_text.h"
#include "cli/text_width.h"

namespace weir::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t kGap = 2;
constexpr std::size_t kNarrowest = 4;

struct Cell {
  std::string text;
  std::size_t width = 0;
  bool is_null = false;
};

struct TableColumn {
  std::string title;
  bool is_number = false;
  std::size_t width = 0;
};

bool IsNumber(const json::value& type) {
  if (type.is_object()) return type.get_object().contains("Decimal128");
  const std::string_view name = type.as_string();
  return name.starts_with("Int") || name.starts_with("UInt") || name.starts_with("Float");
}

std::vector<TableColumn> ColumnsOf(const json::object& rows) {
  std::vector<TableColumn> columns;
  for (const json::value& field : rows.at("schema").at("fields").as_array()) {
    TableColumn column{.title = Printable(std::string(field.at("name").as_string())),
                       .is_number = IsNumber(field.at("data_type"))};
    column.width = WidthOf(column.title);
    columns.push_back(std::move(column));
  }
  return columns;
}

Cell CellOf(const json::value& value) {
  if (value.is_null()) return {.text = "NULL", .width = 4, .is_null = true};
  Cell cell{
      .text = Printable(value.is_string() ? std::string(value.get_string()) : CompactJson(value))};
  cell.width = WidthOf(cell.text);
  return cell;
}

// Takes from the widest columns until a line fits.
void Narrow(std::vector<TableColumn>& columns, std::size_t width) {
  std::size_t total = columns.empty() ? 0 : kGap * (columns.size() - 1);
  for (const TableColumn& column : columns) total += column.width;
  while (total > width) {
    const auto widest = std::ranges::max_element(columns, {}, &TableColumn::width);
    if (widest->width <= kNarrowest) return;
    --widest->width;
    --total;
  }
}

// `text` in at most `width` columns. Whole characters are taken from its end.
std::string Cut(const std::string& text, std::size_t width) {
  std::string cut = text;
  while (!cut.empty() && WidthOf(cut) + 1 > width) {
    do {
      const auto last = static_cast<unsigned char>(cut.back());
      cut.pop_back();
      if ((last & 0xC0) != 0x80) break;
    } while (!cut.empty());
  }
  return cut + "…";
}

class TablePrinter {
 public:
  TablePrinter(Output& out, const Terminal& terminal, std::vector<TableColumn> columns)
      : out_(out), terminal_(terminal), columns_(std::move(columns)) {}

  void PrintTitles() {
    std::vector<Cell> titles;
    for (const TableColumn& column : columns_) {
      titles.push_back({.text = column.title, .width = WidthOf(column.title)});
    }
    PrintRow(titles, Tint::kStrong);
  }

  void PrintRow(const std::vector<Cell>& cells, Tint tint = Tint::kNone) {
    std::string line;
    std::size_t blanks = 0;  // held back, so that no line ends with them
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const TableColumn& column = columns_[i];
      const bool cut = cells[i].width > column.width;
      const std::string text = cut ? Cut(cells[i].text, column.width) : cells[i].text;
      const std::size_t pad = column.width - std::min(column.width, WidthOf(text));
      if (column.is_number) blanks += pad;
      if (!text.empty()) {
        line.append(blanks, ' ');
        line += Tinted(text, cells[i].is_null ? Tint::kFaint : tint, terminal_.out_color);
        blanks = 0;
      }
      blanks += kGap + (column.is_number ? 0 : pad);
    }
    out_.Write(line + "\n");
  }

 private:
  Output& out_;
  const Terminal& terminal_;
  const std::vector<TableColumn> columns_;
};

}  // namespace

bool PrintRowsTable(Output& out, const Terminal& terminal, const json::object& rows,
                    std::size_t most) {
  std::vector<TableColumn> columns = ColumnsOf(rows);
  std::vector<std::vector<Cell>> lines;
  const json::array& data = rows.at("data").as_array();
  for (const json::value& row : data) {
    if (lines.size() == most) break;
    std::vector<Cell>& line = lines.emplace_back();
    for (const json::value& value : row.as_array()) {
      Cell cell = CellOf(value);
      TableColumn& column = columns[line.size()];
      column.width = std::max(column.width, cell.width);
      line.push_back(std::move(cell));
    }
  }
  if (terminal.out) Narrow(columns, terminal.width);
  TablePrinter printer(out, terminal, std::move(columns));
  printer.PrintTitles();
  for (const auto& line : lines) printer.PrintRow(line);
  return data.size() > most;
}

}  // namespace weir::cli
