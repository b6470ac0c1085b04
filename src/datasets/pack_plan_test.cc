#include "datasets/pack_plan.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace weir::datasets {
namespace {

PackUnit Slice(std::uint64_t rows) { return {.rows = rows, .bytes = rows}; }
PackUnit Packed(std::uint64_t rows) { return {.rows = rows, .bytes = rows, .is_packed = true}; }

constexpr PackLimits kFew{.least_slices = 3, .most_slice_rows = 50, .most_rows = 1000};

TEST(NextPack, TakesARunOfSmallSlicesOnceItIsLongEnough) {
  EXPECT_EQ(NextPack(std::vector{Slice(1), Slice(1)}, kFew), std::nullopt);
  EXPECT_EQ(NextPack(std::vector{Slice(1), Slice(1), Slice(1)}, kFew), (PackRun{0, 3}));
}

TEST(NextPack, LeavesLargeSlicesAsTheyAre) {
  EXPECT_EQ(NextPack(std::vector{Slice(1), Slice(1), Slice(51), Slice(1), Slice(1)}, kFew),
            std::nullopt);
  EXPECT_EQ(NextPack(std::vector{Slice(51), Slice(1), Slice(2), Slice(3), Slice(51)}, kFew),
            (PackRun{1, 4}));
}

TEST(NextPack, TakesPackedNeighboursThatAreNotLarger) {
  const std::vector<PackUnit> grown = {Packed(100), Packed(6), Packed(3),
                                       Slice(1),    Slice(1),  Slice(1)};
  EXPECT_EQ(NextPack(grown, kFew), (PackRun{1, 6}));
  EXPECT_EQ(NextPack(std::vector{Packed(4), Slice(1), Slice(1), Slice(1)}, kFew), (PackRun{1, 4}));
  EXPECT_EQ(NextPack(std::vector{Slice(1), Slice(1), Slice(1), Packed(3)}, kFew), (PackRun{0, 4}))
      << "what was lost in the middle is made again";
}

TEST(NextPack, KeepsWithinItsBounds) {
  const PackLimits tight{.least_slices = 3, .most_slice_rows = 50, .most_rows = 10};
  EXPECT_EQ(NextPack(std::vector{Slice(4), Slice(4), Slice(4)}, tight), (PackRun{0, 2}));
  EXPECT_EQ(NextPack(std::vector{Packed(4), Slice(4), Slice(1), Slice(2)}, tight), (PackRun{1, 4}));
  const PackLimits light{.least_slices = 3, .most_bytes = 5};
  EXPECT_EQ(NextPack(std::vector{Slice(2), Slice(2), Slice(2)}, light), (PackRun{0, 2}));
}

// Goal: rows are written O(log n) times, and few files remain. Method: slices of random sizes, one
// after another, packed as soon as the plan says so.
TEST(NextPack, WritesEachRowAFewTimesAndLeavesFewFiles) {
  std::mt19937 random(7);
  const PackLimits limits{.least_slices = 8, .most_rows = 1'000'000};
  std::vector<PackUnit> units;
  std::uint64_t rows = 0;
  std::uint64_t written = 0;
  std::size_t most_files = 0;
  for (int i = 0; i < 20'000; ++i) {
    units.push_back(Slice(1 + random() % 100));
    rows += units.back().rows;
    while (const auto run = NextPack(units, limits)) {
      PackUnit packed{.is_packed = true};
      for (std::size_t at = run->begin; at < run->end; ++at) packed.rows += units[at].rows;
      written += packed.rows;
      units[run->begin] = packed;
      units.erase(units.begin() + static_cast<std::ptrdiff_t>(run->begin) + 1,
                  units.begin() + static_cast<std::ptrdiff_t>(run->end));
    }
    most_files = std::max(most_files, units.size());
  }
  EXPECT_LE(written, 12 * rows);  // log2(20,000 / 8) is 11.3
  EXPECT_LE(most_files, 24U);
}

}  // namespace
}  // namespace weir::datasets
