#include "pipelines/contracts/distinct_values.h"

#include <arrow/api.h>
#include <gtest/gtest.h>

#include <string>

namespace weir::pipelines {
namespace {

std::shared_ptr<arrow::Array> Numbers(const std::vector<std::int64_t>& values) {
  arrow::Int64Builder builder;
  EXPECT_TRUE(builder.AppendValues(values).ok());
  EXPECT_TRUE(builder.AppendNull().ok());
  EXPECT_TRUE(builder.AppendNull().ok());
  return builder.Finish().ValueOrDie();
}

std::shared_ptr<arrow::Array> Texts(const std::vector<std::string>& values) {
  arrow::StringBuilder builder;
  EXPECT_TRUE(builder.AppendValues(values).ok());
  return builder.Finish().ValueOrDie();
}

template <typename... Batches>
bool AreDistinct(const Batches&... batches) {
  DistinctValues values;
  (values.Add(*batches), ...);
  return values.AreDistinct();
}

TEST(DistinctValues, AreSeenInAnyOrderAndAcrossBatches) {
  EXPECT_TRUE(AreDistinct(Numbers({1, 2, 3}), Numbers({4, 5})));
  EXPECT_TRUE(AreDistinct(Numbers({3, -1, 2}), Numbers({1LL << 40, 5})));
  EXPECT_FALSE(AreDistinct(Numbers({1, 2, 2})));
  EXPECT_FALSE(AreDistinct(Numbers({1, 2, 3}), Numbers({3})));
  EXPECT_FALSE(AreDistinct(Numbers({3, 1}), Numbers({2, 3})));
  EXPECT_TRUE(AreDistinct(Texts({"a", "b", "", "eight chars and more"})));
  EXPECT_FALSE(AreDistinct(Texts({"a", "b"}), Texts({"c", "a"})));
  EXPECT_TRUE(AreDistinct());
}

TEST(DistinctValues, OfAnotherTypeAreNotProved) {
  arrow::DoubleBuilder builder;
  ASSERT_TRUE(builder.Append(1.5).ok());
  EXPECT_FALSE(AreDistinct(builder.Finish().ValueOrDie()));
}

TEST(DistinctValues, OfManyAreToldFromEachOtherWhereverTheyLie) {
  // Close to each other; far from each other; both ends of what there is.
  for (const std::int64_t step : {1LL, 1'000'003LL, 90'000'000'000'000LL}) {
    std::vector<std::int64_t> many;
    for (std::int64_t i = 0; i < 100'000; ++i)
      many.push_back((i * 7368787 % 100'003 - 50'000) * step);
    EXPECT_TRUE(AreDistinct(Numbers(many))) << step;
    many.push_back(many[5]);
    EXPECT_FALSE(AreDistinct(Numbers(many))) << step;
  }
}

TEST(DistinctValues, OfManyTextsAreToldFromEachOther) {
  std::vector<std::string> many;
  for (int i = 0; i < 50'000; ++i) many.push_back("name " + std::to_string(i));
  EXPECT_TRUE(AreDistinct(Texts(many)));
  many.push_back(many[5]);
  EXPECT_FALSE(AreDistinct(Texts(many)));
}

}  // namespace
}  // namespace weir::pipelines
