#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace arrow {
class Array;
class DataType;
}  // namespace arrow

namespace weir::sql {

/// Writes the values of one column of a batch as JSON (spec/odf section 14):
/// integers, also of 64 bits, as numbers; decimals as texts with all their digits, but the wide
/// integers that sums of integers are (128 bits) as numbers as long as 64 bits hold them; floats as
/// the shortest digits that read back as the same value, and NaN, Infinity and -Infinity as texts;
/// timestamps in RFC 3339, with Z where they are points in time and without a zone where they are
/// naive, with 0, 3, 6 or 9 fraction digits; dates, times and intervals (ISO 8601) as texts;
/// binaries as hex; lists as arrays, structs as objects, maps with text keys as objects and others
/// as arrays of {"key", "value"}; nulls as null.
class CellWriter {
 public:
  virtual ~CellWriter() = default;
  virtual void Write(std::int64_t row, std::string& out) const = 0;
};

/// `array` outlives the writer.
std::unique_ptr<CellWriter> JsonCells(const arrow::Array& array);

/// The same as fields of CSV (RFC 4180): texts as they are, in quotes where needed, and an empty
/// text always; nulls as nothing; nested values as JSON.
std::unique_ptr<CellWriter> CsvCells(const arrow::Array& array);

/// `text` as a field.
void AppendCsvText(std::string& out, std::string_view text);

}  // namespace weir::sql
