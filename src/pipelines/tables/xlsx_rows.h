#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "engine/engine.h"
#include "pipelines/tables/xlsx_book.h"

namespace weir::pipelines {

/// Which row of a sheet each row of its stream was: empty ones are left out.
class XlsxRowNumbers {
 public:
  void Add(std::uint32_t row);
  /// Of the n-th row of the stream, from 1.
  std::uint64_t Of(std::uint64_t record) const;

 private:
  std::uint64_t records_ = 0;
  std::uint32_t last_ = 0;
  std::vector<std::pair<std::uint64_t, std::uint32_t>> runs_;  // a record, and its row
};

struct XlsxTable {
  std::unique_ptr<engine::RowStream> rows = {};
  std::shared_ptr<const XlsxRowNumbers> numbers = {};  ///< filled as rows are read
};

/// The rows of the first sheet of a workbook, whose first row with something in it has the columns'
/// names. `as_texts`: every column holds texts. Otherwise the sheet is read twice, and a column has
/// the type that all its cells have: BIGINT, DOUBLE, BOOLEAN, DATE, TIMESTAMP without a zone, and
/// else text. Empty cells are null. Memory is a batch and the workbook's texts.
///
/// Errors, here or from the stream: kInvalid for what is damaged or no workbook, for a column
/// without a name or with that of another, and for cells as XlsxSheet; kExhausted at a limit.
Result<XlsxTable> ReadXlsx(const Context& context, const XlsxParts& parts, bool as_texts);

}  // namespace weir::pipelines
