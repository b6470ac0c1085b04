#include "engine/exact_sum.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "engine/sum_words.h"

namespace weir::engine {
namespace {

ExactSum SumOf(const std::vector<double>& values, SumWords& words) {
  ExactSum sum;
  sum.Reset();
  for (const double value : values) sum.Add(value, words.Allocator());
  return sum;
}

double RoundedSum(const std::vector<double>& values) {
  SumWords words;
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
  SumWords words;
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
    SumWords words;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 3);
    ExactSum sum = SumOf({values.begin(), middle}, words);
    sum.Add(SumOf({middle, values.end()}, words), words.Allocator());
    RC_ASSERT(std::bit_cast<std::uint64_t>(sum.Rounded()) ==
              std::bit_cast<std::uint64_t>(expected));
    for (const double value : values) sum.Add(-value, words.Allocator());
    RC_ASSERT(sum.Rounded() == 0.0);
  }));
}

TEST(ExactSum, ForgetsInfinitiesAndNaNThatAreTakenAway) {
  SumWords words;
  const auto allocator = words.Allocator();
  const double infinite = std::numeric_limits<double>::infinity();
  ExactSum sum = SumOf({-5.0, infinite, std::nan(""), -infinite}, words);
  EXPECT_TRUE(std::isnan(sum.Rounded()));
  sum.Remove(std::nan(""), allocator);
  sum.Remove(infinite, allocator);
  EXPECT_EQ(sum.Rounded(), -infinite);
  sum.Remove(-infinite, allocator);
  EXPECT_EQ(sum.Rounded(), -5.0);
  sum.Remove(-5.0, allocator);
  EXPECT_EQ(sum.Rounded(), 0.0);
}

// Values of like size, of any size, and with what no double is exact beside.
std::vector<double> AnyValues(std::uint32_t seed, int spread) {
  std::mt19937_64 random(seed);
  std::vector<double> values(random() % 6000);
  for (double& value : values) {
    const double mantissa = static_cast<double>(random() % (1ULL << 53)) - 0x1p52;
    value = std::ldexp(mantissa, static_cast<int>(random() % static_cast<unsigned>(spread)) - 30);
  }
  if (seed % 5 == 0 && !values.empty()) values[random() % values.size()] = 1e-300;
  if (seed % 7 == 0 && !values.empty()) values[random() % values.size()] = std::nan("");
  return values;
}

TEST(ExactSum, OfManyAtOnceIsThatOfEachByItself) {
  EXPECT_TRUE(rc::check([](std::uint32_t seed) {
    for (const int spread : {1, 20, 60, 900}) {
      const std::vector<double> values = AnyValues(seed, spread);
      SumWords words;
      ExactSum at_once;
      at_once.Reset();
      at_once.AddAll(values, words.Allocator());
      RC_ASSERT(std::bit_cast<std::uint64_t>(at_once.Rounded()) ==
                std::bit_cast<std::uint64_t>(RoundedSum(values)));
    }
  }));
}

TEST(ExactSum, IsReadBackAsItWasWritten) {
  EXPECT_TRUE(rc::check([](const std::vector<std::uint64_t>& bits) {
    SumWords words;
    ExactSum sum;
    sum.Reset();
    for (const auto each : bits) sum.Add(std::bit_cast<double>(each), words.Allocator());
    std::string written;
    sum.AppendTo(written);
    ExactSum read;
    read.Reset();
    ByteView rest = AsBytes(written);
    RC_ASSERT(read.AddFrom(rest, words.Allocator()));
    RC_ASSERT(rest.empty());
    RC_ASSERT(std::bit_cast<std::uint64_t>(read.Rounded()) ==
              std::bit_cast<std::uint64_t>(sum.Rounded()));
    ByteView cut = AsBytes(written).first(written.size() - 1);
    RC_ASSERT(!read.AddFrom(cut, words.Allocator()));
  }));
}

}  // namespace
}  // namespace weir::engine
