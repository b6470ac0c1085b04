#include "datasets/pack_plan.h"

#include <algorithm>

namespace weir::datasets {
namespace {

class Planning {
 public:
  Planning(std::span<const PackUnit> units, const PackLimits& limits)
      : units_(units), limits_(limits) {}

  std::optional<PackRun> Next() {
    for (std::size_t begin = 0; begin < units_.size();) {
      std::size_t end = begin;
      while (end < units_.size() && IsSmallSlice(units_[end])) ++end;
      if (end - begin >= std::max<std::size_t>(limits_.least_slices, 2)) return Around(begin, end);
      begin = std::max(end, begin + 1);
    }
    return std::nullopt;
  }

 private:
  bool IsSmallSlice(const PackUnit& unit) const {
    return !unit.is_packed && unit.rows <= limits_.most_slice_rows &&
           unit.bytes <= limits_.most_slice_bytes;
  }

  bool Fits(const PackUnit& unit) const {
    return rows_ + unit.rows <= limits_.most_rows && bytes_ + unit.bytes <= limits_.most_bytes;
  }

  void Take(const PackUnit& unit) {
    rows_ += unit.rows;
    bytes_ += unit.bytes;
  }

  bool IsWorthTaking(const PackUnit& unit) const {
    return unit.is_packed && unit.rows <= rows_ && Fits(unit);
  }

  // The slices from `begin` on that fit, and their neighbours.
  std::optional<PackRun> Around(std::size_t begin, std::size_t end) {
    std::size_t last = begin;
    while (last < end && (last == begin || Fits(units_[last]))) Take(units_[last++]);
    const bool is_whole = last == end;
    while (begin > 0 && IsWorthTaking(units_[begin - 1])) Take(units_[--begin]);
    while (is_whole && last < units_.size() && IsWorthTaking(units_[last])) Take(units_[last++]);
    return PackRun{begin, last};
  }

  const std::span<const PackUnit> units_;
  const PackLimits& limits_;
  std::uint64_t rows_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace

std::optional<PackRun> NextPack(std::span<const PackUnit> units, const PackLimits& limits) {
  return Planning(units, limits).Next();
}

}  // namespace weir::datasets
