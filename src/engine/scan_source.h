#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/files.h"
#include "base/guarded_by.h"
#include "base/result.h"

namespace weir::engine {

/// A column of a relation: its name, and its type as the engine's SQL writes it ("BIGINT",
/// "TIMESTAMP WITH TIME ZONE", "STRUCT(a INTEGER)").
struct Column {
  std::string name;
  std::string type;
};

/// One end of a column's values in a file. Dates are days, times and timestamps microseconds since
/// 1970 (or midnight); a text may be cut short, downwards for a minimum and upwards for a maximum;
/// a column that holds a NaN has no bounds.
using Bound = std::variant<std::monostate, bool, std::int64_t, double, std::string>;

/// What is known of one column in one file without opening it. monostate: nothing.
struct ColumnBounds {
  Bound min = {};
  Bound max = {};
  bool operator==(const ColumnBounds&) const = default;
};

/// One immutable Parquet file of a relation.
struct ScanFile {
  std::function<Result<std::shared_ptr<const ReadableFile>>()> open;
  std::uint64_t size = 0;  ///< bytes
  std::uint64_t rows = 0;
  std::vector<ColumnBounds> bounds = {};  ///< by column of the relation; may be shorter
};

/// Which columns the filters of queries were on, and how often. Thread-safe.
class FilterTally {
 public:
  using Counts = std::map<std::string, std::uint64_t>;

  void Note(const std::string& column) {
    const std::lock_guard lock(mutex_);
    // Names come from schemas; one with very many columns need not be remembered whole.
    if (counts_.size() < kMostColumns || counts_.contains(column)) ++counts_[column];
  }
  Counts counts() const {
    const std::lock_guard lock(mutex_);
    return counts_;
  }

 private:
  static constexpr std::size_t kMostColumns = 256;

  mutable std::mutex mutex_;
  Counts counts_ WEIR_GUARDED_BY(mutex_);
};

/// A relation kept in Parquet files. Immutable and shared: planning a query over it opens no file,
/// and files whose bounds rule a filter out are never opened.
struct ScanSource {
  std::vector<Column> columns;
  std::vector<ScanFile> files;
  std::string where = {};  ///< a condition in SQL: rows that it does not hold for are not there
  std::shared_ptr<FilterTally> tally = {};  ///< takes what it is filtered by; may be null
};

}  // namespace weir::engine
