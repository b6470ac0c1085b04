#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "engine/scan_source.h"

namespace weir::slices {

/// What is known of one column of a slice.
struct ColumnFacts {
  engine::ColumnBounds bounds =
      {};  ///< none for nested columns, decimals, binaries, unsigned 64 bits
  std::uint64_t nulls = 0;
  bool operator==(const ColumnFacts&) const = default;
};

/// What is known of a slice without opening it. Times beyond what Timestamp holds (years 1677 to
/// 2262) are given as its nearest end.
struct SliceFacts {
  std::uint64_t rows = 0;
  std::optional<Timestamp> min_event_time = {};
  std::optional<Timestamp> max_event_time = {};
  std::vector<ColumnFacts> columns = {};  ///< by position in the file
  bool operator==(const SliceFacts&) const = default;
};

}  // namespace weir::slices
