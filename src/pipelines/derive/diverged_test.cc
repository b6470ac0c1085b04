// What becomes of derivatives when the history of an input is replaced.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "base/testing/matchers.h"
#include "datasets/reset.h"
#include "datasets/testing/dataset_home.h"
#include "datasets/transfer.h"
#include "pipelines/derive/testing/derive_home.h"

namespace weir::pipelines {
namespace {

using datasets::DatasetHome;
using testing::HasSubstr;

constexpr const char* kSnapshot = R"({"read": {"kind": "NdJson", "ddlSchema":
    ["k INT", "v DOUBLE"]}, "merge": {"kind": "Snapshot", "primaryKey": ["k"]}})";

// Root 1 and derivatives 3 and 4 of it, one of the other; root 2 and its derivative 5 beside them.
class Diverged : public ::testing::Test {
 protected:
  static constexpr std::uint8_t kAll[] = {1, 2, 3, 4, 5};

  static void Begin(DeriveHome& home) {
    home.AddRoot(1, kSnapshot);
    home.AddRoot(2, kSnapshot);
    home.AddDerivative(3, {{"a", 1}}, "SELECT k % 2 AS g, sum(v) AS v FROM a GROUP BY 1");
    home.AddDerivative(4, {{"t", 3}}, "SELECT max(v) AS most FROM t");
    home.AddDerivative(5, {{"b", 2}}, "SELECT k, v FROM b WHERE v > 0");
    for (const std::uint8_t number : kAll) home.Name(number, fmt::format("dataset-{}", number));
  }

  void SetUp() override {
    Begin(home_);
    Push(home_, 1, 1);
    Push(home_, 2, 1);
    ExpectPulled(home_);
    Push(home_, 1, 2);
    ExpectPulled(home_);
    // Of the root that will diverge a state is kept too.
    ASSERT_TRUE(IsOk(home_.RefreshStates({1})));
  }

  static void Push(DeriveHome& home, std::uint8_t root, int by) {
    std::string rows;
    for (int k = 0; k < 9; ++k) rows += fmt::format("{{\"k\": {}, \"v\": {}}}\n", k, k * by);
    ASSERT_TRUE(IsOk(home.Push(root, rows)));
  }

  static std::map<std::string, PullOutcome> Pull(DeriveHome& home) {
    std::map<std::string, PullOutcome> outcomes;
    for (PullOutcome& outcome : home.PullAll()) {
      outcomes.emplace(outcome.node.entry.name, std::move(outcome));
    }
    return outcomes;
  }
  static void ExpectPulled(DeriveHome& home) {
    for (const auto& [name, outcome] : Pull(home)) {
      EXPECT_FALSE(outcome.error) << name << ": " << outcome.error->message;
    }
  }

  datasets::ResetReport Reset(std::uint8_t number, std::optional<std::uint64_t> to = {}) {
    return datasets::Reset(Context::Background(), home_.chains(),
                           {.id = DatasetHome::IdOf(number), .to = to})
        .value();
  }

  // The derivative is refused until it is reset, then the one that reads it; nobody sees anything
  // but whole rows of before or after, and what does not depend on them goes on.
  void ExpectRefusedUntilReset() {
    const std::string sums = home_.Rows(3);
    const std::string most = home_.Rows(4);
    Push(home_, 2, 3);
    auto outcomes = Pull(home_);
    ExpectRefused(outcomes.at("dataset-3"));
    EXPECT_EQ(outcomes.at("dataset-4").waits_for, "dataset-3");
    EXPECT_EQ(outcomes.at("dataset-5").report.rows, 16U);
    EXPECT_EQ(home_.Rows(3), sums);
    EXPECT_EQ(home_.Rows(4), most);

    Reset(3);
    outcomes = Pull(home_);
    EXPECT_FALSE(outcomes.at("dataset-3").error);
    ExpectRefused(outcomes.at("dataset-4"));
    EXPECT_EQ(home_.Rows(4), most);
    Reset(4);
    ExpectPulled(home_);
    Push(home_, 1, 7);
    ExpectPulled(home_);
    EXPECT_TRUE(IsOk(home_.Verify(4)));
  }

  static void ExpectRefused(const PullOutcome& outcome) {
    ASSERT_TRUE(outcome.error);
    EXPECT_EQ(outcome.error->code, ErrorCode::kConflict);
    EXPECT_THAT(outcome.error->message, HasSubstr("up to which it was consumed"));
    EXPECT_THAT(outcome.error->hint, HasSubstr("weir reset lets the derivative begin again"));
  }

  // As of a home in which root 1 was never anything else.
  void ExpectAsIfNothingHadBeen(const std::vector<int>& pushes) {
    DeriveHome other;
    Begin(other);
    for (const int by : pushes) {
      Push(other, 1, by);
      ExpectPulled(other);
    }
    EXPECT_EQ(home_.Hashes(1), other.Hashes(1));
    EXPECT_EQ(home_.Hashes(3), other.Hashes(3));
    EXPECT_EQ(home_.Hashes(4), other.Hashes(4));
  }

  DeriveHome home_;
};

TEST_F(Diverged, AResetInputIsRefusedUntilTheDerivativeStartsOver) {
  const auto blocks = home_.chains().Blocks(Context::Background(), DatasetHome::IdOf(1)).value();
  Reset(1, blocks.back().sequence_number - 1);
  Push(home_, 1, 5);
  ExpectRefusedUntilReset();
}

TEST_F(Diverged, SoIsOneThatWasReplacedByAForcedPull) {
  DeriveHome other;
  Begin(other);
  Push(other, 1, 4);
  other.Publish();
  home_.Publish();
  const auto pull = [&](datasets::IfDiverged what) {
    return datasets::Pull(Context::Background(), home_.chains(),
                          other.chains().RepositoryOf(DatasetHome::IdOf(1)), DatasetHome::IdOf(1),
                          {.if_diverged = what});
  };
  EXPECT_EQ(CodeOf(pull(datasets::IfDiverged::kRefuse)), ErrorCode::kConflict);
  ExpectPulled(home_);
  ASSERT_TRUE(IsOk(pull(datasets::IfDiverged::kReplace)));
  ExpectRefusedUntilReset();
  ExpectAsIfNothingHadBeen({4, 7});
}

// A process that knew the old history, and one that begins, say the same.
TEST_F(Diverged, AnotherProcessRefusesItToo) {
  const auto blocks = home_.chains().Blocks(Context::Background(), DatasetHome::IdOf(1)).value();
  Reset(1, blocks.back().sequence_number - 1);
  Push(home_, 1, 5);
  home_.Reopen();
  ExpectRefusedUntilReset();
}

}  // namespace
}  // namespace weir::pipelines
