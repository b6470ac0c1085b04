#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/context.h"
#include "base/files.h"
#include "base/result.h"

namespace weir::pipelines {

/// The parts of a spreadsheet by their names in the archive (`xl/workbook.xml`), inflated.
/// kNotFound for one that is not there.
using XlsxParts =
    std::function<Result<std::shared_ptr<const ReadableFile>>(const std::string& name)>;

/// Many short texts in one piece of memory.
class SharedTexts {
 public:
  void Add(std::string_view text) {
    texts_ += text;
    ends_.push_back(texts_.size());
  }
  std::string_view operator[](std::size_t i) const {
    const std::size_t start = i == 0 ? 0 : ends_[i - 1];
    return std::string_view(texts_).substr(start, ends_[i] - start);
  }
  std::size_t size() const { return ends_.size(); }
  std::size_t bytes() const { return texts_.size() + ends_.size() * sizeof(std::size_t); }

 private:
  std::string texts_;
  std::vector<std::size_t> ends_;
};

/// What the number in a cell is, by the cell's style.
enum class XlsxNumber : std::uint8_t { kPlain, kDate, kTimeOfDay };

/// What the cells of a workbook's first sheet lean on.
struct XlsxBook {
  std::shared_ptr<const ReadableFile> sheet = {};
  std::string sheet_name = {};
  bool counts_from_1904 = false;        ///< days, not from 1900
  std::vector<XlsxNumber> styles = {};  ///< by a cell's style
  SharedTexts texts = {};               ///< by a cell's number of one
};

/// Reads the workbook around its first sheet that holds cells (ECMA-376, SpreadsheetML; the
/// transitional and the strict form). kInvalid for what is no workbook, kExhausted when its texts
/// take more memory than they may.
Result<XlsxBook> ReadXlsxBook(const Context& context, const XlsxParts& parts);

}  // namespace weir::pipelines
