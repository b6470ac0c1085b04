// What steps of derivatives say beside their rows, computed again (spec section 10.3).
#include "pipelines/derive/replay.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/matchers.h"
#include "pipelines/derive/testing/derive_home.h"

namespace weir::pipelines {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr const char* kEvents = R"({"read": {"kind": "NdJson", "ddlSchema":
    ["event_time TIMESTAMP", "k INT"]}, "merge": {"kind": "Append"}})";
constexpr const char* kKeys = "SELECT k FROM a";

class ReplayTest : public ::testing::Test {
 protected:
  ReplayTest() {
    home_.AddRoot(1, kEvents);
    home_.AddRoot(2, kEvents);
    home_.AddDerivative(3, {{"a", 1}}, kKeys);
    Push(1, 5);
    home_.Update(3).value();
  }

  // A row of that day.
  void Push(std::uint8_t root, int day) {
    home_
        .Push(root,
              fmt::format("{{\"event_time\": \"2026-03-{:02}T00:00:00Z\", \"k\": {}}}\n", day, day))
        .value();
  }

  // A chain in order of its own that tells of the first step of 3 in another way.
  Error ErrorOfForged(const DeriveHome::Retell& tell) {
    home_.AddForged(4, 3, {{"a", 1}}, kKeys, {}, tell);
    EXPECT_TRUE(IsOk(
        datasets::Verify(Context::Background(), home_.chains(), datasets::DatasetHome::IdOf(4))));
    const auto replayed = home_.Replay(4);
    if (replayed) return Internal("it was not seen");
    EXPECT_EQ(replayed.error().code, ErrorCode::kCorrupt);
    return replayed.error();
  }

  // The block of the forged step, as errors name it.
  std::string ForgedBlock() {
    const odf::ChainState chain = home_.Record(4).chain;
    return fmt::format("block {} ({})", chain.sequence_number, chain.head->ToText());
  }

  DeriveHome home_;
};

TEST_F(ReplayTest, AStepThatIsAsItWasPasses) {
  home_.AddForged(4, 3, {{"a", 1}}, kKeys);
  const auto replayed = home_.Replay(4);
  ASSERT_TRUE(IsOk(replayed));
  EXPECT_EQ(replayed->steps, 1U);
}

TEST_F(ReplayTest, AWatermarkOfAnotherTimeIsNamedWithThatOfTheInputs) {
  const Error error = ErrorOfForged([](odf::ExecuteTransform& step) {
    step.new_watermark = ParseTimestamp("2026-03-04T00:00:00Z").value();
  });
  EXPECT_THAT(error.message, AllOf(HasSubstr(ForgedBlock()),
                                   HasSubstr("its watermark is 2026-03-04T00:00:00Z, and its "
                                             "inputs give 2026-03-05T00:00:00Z")));
}

TEST_F(ReplayTest, AWatermarkThatIsMissingIsNamed) {
  const Error error = ErrorOfForged([](odf::ExecuteTransform& step) { step.new_watermark = {}; });
  EXPECT_THAT(error.message, AllOf(HasSubstr(ForgedBlock()), HasSubstr("its watermark is none")));
}

TEST_F(ReplayTest, RecordsOfAnInputThatAreNotInItsBlockAreNamed) {
  const Error error =
      ErrorOfForged([](odf::ExecuteTransform& step) { step.query_inputs.front().new_offset = 7; });
  EXPECT_THAT(error.message, AllOf(HasSubstr(ForgedBlock()),
                                   HasSubstr("it read input a up to record 7, and the block of the "
                                             "input that it names is at record 0")));
}

// Another engine looks at watermarks that came; where an input brought none it may go on with the
// one there was, or take the smallest of those that came.
TEST(AllowedWatermarks, ByBatchLieWithinThoseOfTheInputs) {
  const auto day = [](int number) {
    return ParseTimestamp(fmt::format("2026-03-{:02}T00:00:00Z", number)).value();
  };
  TransformAtWork work;
  work.record.chain.watermark = day(3);
  work.inputs = {{.watermark = day(8), .has_new_watermark = true}, {.watermark = day(5)}};
  EXPECT_TRUE(work.allowed_watermarks().Has(day(5)));
  for (const int other : {2, 3, 4, 6, 8}) EXPECT_FALSE(work.allowed_watermarks().Has(day(other)));
  work.reads = engine::TransformReads::kBatches;
  for (const int other : {3, 5, 8}) EXPECT_TRUE(work.allowed_watermarks().Has(day(other)));
  for (const int other : {2, 9}) EXPECT_FALSE(work.allowed_watermarks().Has(day(other)));
  EXPECT_FALSE(work.allowed_watermarks().Has(std::nullopt));
  work.inputs[1].has_new_watermark = true;
  EXPECT_TRUE(work.allowed_watermarks().Has(day(5)));
  EXPECT_FALSE(work.allowed_watermarks().Has(day(8)));
}

// Goal: watermarks of true chains pass, however they came to be. Method: one input has none yet,
// one is behind, one comes late with nothing new, the transform changes; rows and only watermarks.
TEST_F(ReplayTest, WatermarksOfStepsAsTheyComeAllPass) {
  home_.AddDerivative(5, {{"a", 1}, {"b", 2}},
                      "SELECT a.k FROM a UNION ALL SELECT b.k FROM b WHERE b.k > 3");
  home_.AddDerivative(6, {{"a", 1}}, "SELECT event_time, k FROM a", "datafusion");
  home_.AddDerivative(7, {{"s", 5}, {"t", 6}}, "SELECT s.k FROM s SEMI JOIN t ON s.k = t.k");
  for (const int day : {2, 1, 9, 7, 12}) {
    Push(2, day);
    if (day != 9) Push(1, day + 1);
    if (day == 7) {
      home_.AddDerivative(5, {{"a", 1}, {"b", 2}}, "SELECT a.k + 1 AS k FROM a JOIN b USING (k)");
    }
    for (const std::uint8_t number : {5, 6, 7}) ASSERT_TRUE(IsOk(home_.Update(number)));
  }
  EXPECT_EQ(FormatTimestamp(*home_.Record(5).chain.watermark), "2026-03-12T00:00:00Z");
  EXPECT_TRUE(IsOk(home_.Verify(7)));
  EXPECT_TRUE(IsOk(home_.Verify(3)));
}

}  // namespace
}  // namespace weir::pipelines
