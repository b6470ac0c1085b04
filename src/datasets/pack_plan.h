#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace weir::datasets {

/// A file of a history as a plan sees it.
struct PackUnit {
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
  bool is_packed = false;
};

struct PackLimits {
  std::size_t least_slices = 32;              ///< fewer of them do not pay
  std::uint64_t most_slice_rows = 100'000;    ///< a slice with more is large enough
  std::uint64_t most_slice_bytes = 16 << 20;  ///< as is one with more of these
  std::uint64_t most_rows = 4'000'000;        ///< of a packed slice
  std::uint64_t most_bytes = 256 << 20;
};

/// Units from `begin` up to before `end`.
struct PackRun {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool operator==(const PackRun&) const = default;
};

/// Which units are to become one packed slice next: a run of small slices, and the packed ones
/// beside it that have no more rows than what comes to them. So a row that is written again lies in
/// a file of at least twice the rows, and is written O(log n) times; and packed slices grow towards
/// the past, so that there are O(log n) of them, beside those that are full. nullopt: none.
std::optional<PackRun> NextPack(std::span<const PackUnit> units, const PackLimits& limits);

}  // namespace weir::datasets
