#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "pipelines/tables/xlsx_book.h"
#include "pipelines/tables/xml_reader.h"

namespace weir::pipelines {

/// What a cell holds, as text: numbers as they are written, true and false, dates as 2024-01-31,
/// times as 2024-01-31 12:30:00.250 or 12:30:00.
struct XlsxCell {
  enum class Kind { kInteger, kDouble, kBoolean, kDate, kTimestamp, kText };
  std::uint32_t column = 0;  ///< from 0
  Kind kind = Kind::kText;
  std::string text = {};
};

/// "A", "Z", "AA": how the program calls column 0, 25, 26.
std::string XlsxColumnName(std::uint32_t column);

/// The rows of a sheet that hold something, one after the other. Empty cells, and texts without a
/// character, are left out. One thread; the book outlives it.
class XlsxSheet {
 public:
  XlsxSheet(const Context& context, const XlsxBook& book)
      : context_(context), book_(book), xml_(book.sheet) {}

  /// False at the end. kInvalid, naming row and column, for a cell that holds an error (#DIV/0!) or
  /// is not of its kind, and for a sheet that is damaged or larger than sheets are.
  Result<bool> Next();

  std::uint32_t row() const { return row_; }  ///< as the program counts, from 1
  const std::vector<XlsxCell>& cells() const { return cells_; }

 private:
  Status ReadRow();
  Status ReadCell(std::uint32_t& next_column);
  Status Settle(XlsxCell& cell, const std::string& type, std::uint32_t style) const;
  Status SettleNumber(XlsxCell& cell, std::uint32_t style) const;
  Error Refused(const XlsxCell& cell, std::string_view why) const;

  const Context& context_;
  const XlsxBook& book_;
  XmlReader xml_;
  bool is_done_ = false;
  std::uint32_t row_ = 0;
  std::vector<XlsxCell> cells_;
};

}  // namespace weir::pipelines
