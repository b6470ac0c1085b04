#pragma once

#include <cstddef>
#include <cstdint>

#include "pipelines/contracts/all_different.h"

namespace arrow {
class Array;
}

namespace weir::pipelines {

/// Proves that the values of a column, which go by a batch at a time, are all different, at a tenth
/// of the price of grouping them: ascending ones by comparing neighbours, others as
/// all_different.h says. Nulls are like no other value.
///
/// It may fail to prove what is so (two hashes alike, too many values to keep, a type that it does
/// not know), never the other way round.
class DistinctValues {
 public:
  /// The next values, all of one type. Whole numbers, dates and texts are known; times are not, for
  /// they may be cut before they are stored.
  void Add(const arrow::Array& values);
  /// What comes cannot be proved: an event that takes a row away, for one.
  void GiveUp();

  /// Whether no two of the values that came are alike. To be asked once.
  bool AreDistinct();

  static constexpr std::size_t kMostKept = 16'000'000;

 private:
  template <typename Array>
  void AddNumbers(const Array& values);
  void AddTexts(const arrow::Array& values);
  void Keep(std::uint64_t value);

  bool is_known_ = true;
  bool is_ascending_ = true;
  bool has_last_ = false;
  std::int64_t last_ = 0;
  Values64 kept_;
  std::uint64_t least_ = UINT64_MAX;  // of those that are kept
  std::uint64_t greatest_ = 0;
};

}  // namespace weir::pipelines
