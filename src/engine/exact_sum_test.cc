#include "engine/exact_sum.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <memory>
#include <random>
#include <vector>

namespace weir::engine {
namespace {

class Words {
 public:
  ExactSum::Allocate Allocator() {
    return [this](std::size_t count) {
      pieces_.push_back(std::make_unique<std::int64_t[]>(count));
      return pieces_.back().get();
    };
  }

 private:
  std::vector<std::unique_ptr<std::int64_t[]>> pieces_;
};

ExactSum SumOf(const std::vector<double>& values, Words& words) {
  ExactSum sum;
  sum.Reset();
  for (const double value : values) sum.Add(value, words.Allocator());
  return sum;
}

double RoundedSum(const std::vector<double>& values) {
  Words words;
  return SumOf(values, words).Rounded();
}

TEST(ExactSum, LosesNothingOfWhatIsSmallBesideWhatIsLarge) {
  EXPECT_EQ(RoundedSum({1e308, 1.0, -1e308}), 1.0);
  EXPECT_EQ(RoundedSum({1e16, 1.0, 1.0, -1e16}), 2.0);
  EXPECT_EQ(RoundedSum({0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1}), 1.0);
  const double least = std::numeric_limits<double>::denorm_min();
  EXPECT_EQ(RoundedSum({1e300, least, -1e300}), least);
  EXPECT_EQ(RoundedSum({}), 0.0);
}

TEST(ExactSum, RoundsTiesToEven) {
  const double one_up = std::nextafter(1.0, 2.0);
  const double half = (one_up - 1.0) / 2;
  EXPECT_EQ(RoundedSum({1.0, half}), 1.0);
  EXPECT_EQ(RoundedSum({one_up, half}), std::nextafter(one_up, 2.0));
  EXPECT_EQ(RoundedSum({1.0, half, 1e-300}), one_up);
  EXPECT_EQ(RoundedSum({-1.0, -half, -1e-300}), -one_up);
}

TEST(ExactSum, IsTooLargeOnlyAtTheEnd) {
  const double most = std::numeric_limits<double>::max();
  EXPECT_EQ(RoundedSum({most, most, -most}), most);
  EXPECT_EQ(RoundedSum({most, most}), std::numeric_limits<double>::infinity());
}

TEST(ExactSum, KeepsInfinitiesAndNaN) {
  const double infinite = std::numeric_limits<double>::infinity();
  EXPECT_EQ(RoundedSum({1.0, infinite, 2.0}), infinite);
  EXPECT_EQ(RoundedSum({-infinite, 2.0}), -infinite);
  EXPECT_TRUE(std::isnan(RoundedSum({infinite, -infinite})));
  EXPECT_TRUE(std::isnan(RoundedSum({1.0, std::nan("")})));
}

TEST(ExactSum, DividesAndRoundsOnce) {
  Words words;
  const ExactSum sum = SumOf({1.0, 1.0, 8.0}, words);
  EXPECT_EQ(sum.Divided(3), 10.0 / 3.0);
  const double least = std::numeric_limits<double>::denorm_min();
  EXPECT_EQ(SumOf({least, least, least}, words).Divided(2), 2 * least);  // 1.5: a tie
  EXPECT_EQ(SumOf({least}, words).Divided(3), 0.0);
}

double FromBits(std::uint64_t bits) {
  const double value = std::bit_cast<double>(bits);
  return std::isfinite(value) ? value : 1.5;
}

// Two doubles add up without an error to a double and what it lacks, by which sums are checked.
TEST(ExactSum, OfTwoIsWhatTheProcessorSays) {
  EXPECT_TRUE(rc::check([](std::uint64_t a, std::uint64_t b) {
    const double x = FromBits(a);
    const double y = FromBits(b);
    RC_ASSERT(RoundedSum({x, y}) == x + y);
  }));
}

TEST(ExactSum, IsTheSameInAnyOrderAndInParts) {
  EXPECT_TRUE(rc::check([](const std::vector<std::uint64_t>& bits, std::uint32_t seed) {
    std::vector<double> values;
    for (const auto each : bits) values.push_back(FromBits(each));
    const double expected = RoundedSum(values);
    std::mt19937 shuffle(seed);
    std::shuffle(values.begin(), values.end(), shuffle);
    Words words;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 3);
    ExactSum sum = SumOf({values.begin(), middle}, words);
    sum.Add(SumOf({middle, values.end()}, words), words.Allocator());
    RC_ASSERT(std::bit_cast<std::uint64_t>(sum.Rounded()) ==
              std::bit_cast<std::uint64_t>(expected));
    for (const double value : values) sum.Add(-value, words.Allocator());
    RC_ASSERT(sum.Rounded() == 0.0);
  }));
}

}  // namespace
}  // namespace weir::engine
