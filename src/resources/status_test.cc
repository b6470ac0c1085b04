#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>

#include "resources/testing/resource_home.h"

namespace weir::resources {
namespace {

using std::chrono::seconds;

const ResourceId kNote = ResourceHome::Note("a");

class StatusTest : public testing::Test {
 protected:
  StatusTest() { EXPECT_TRUE(IsOk(home_.Apply(NoteYaml("a", "one")))); }

  ResourceStatus Now() { return home_.service().Get(home_.context(), kNote)->status; }
  weir::Status Set(ResourceStatus status) {
    return home_.service().SetStatus(home_.context(), kNote, std::move(status));
  }

  ResourceHome home_;
};

TEST_F(StatusTest, OfAKindWithNothingToMakeIsActive) {
  const ResourceStatus status = Now();
  EXPECT_EQ(status.aggregate, Aggregate::kActive);
  EXPECT_EQ(status.observed_generation, 1);
  ASSERT_EQ(status.conditions.size(), 1u);
  EXPECT_EQ(status.conditions[0].reason, "Applied");
}

TEST_F(StatusTest, IsWhatWasWrittenLast) {
  ASSERT_TRUE(IsOk(Set({.aggregate = Aggregate::kPending,
                        .builder_stage = "building",
                        .runtime = "running:1",
                        .observed_generation = 1})));
  EXPECT_EQ(boost::json::serialize(ToJson(Now())),
            R"({"aggregate":"pending","builderStage":"building","runtime":"running:1",)"
            R"("observedGeneration":1,"conditions":[]})");
}

TEST_F(StatusTest, AConditionIsAsOldAsItsStatus) {
  const auto with = [](std::string status, std::string message) {
    return ResourceStatus{
        .observed_generation = 1,
        .conditions = {
            {.type = "Ready", .status = std::move(status), .message = std::move(message)}}};
  };
  ASSERT_TRUE(IsOk(Set(with("False", "starting"))));
  home_.clock().Advance(seconds(10));
  ASSERT_TRUE(IsOk(Set(with("False", "still starting"))));
  EXPECT_EQ(Now().conditions[0].since, FakeClock::kStart);
  EXPECT_EQ(Now().conditions[0].message, "still starting");
  ASSERT_TRUE(IsOk(Set(with("True", ""))));
  EXPECT_EQ(Now().conditions[0].since, FakeClock::kStart + seconds(10));
}

TEST_F(StatusTest, TheSameStatusAgainWritesNothing) {
  ASSERT_TRUE(IsOk(Set({.runtime = "running:1", .observed_generation = 1})));
  const auto revision = home_.store().revision();
  ASSERT_TRUE(IsOk(Set({.runtime = "running:1", .observed_generation = 1})));
  EXPECT_EQ(home_.store().revision(), revision);
}

TEST_F(StatusTest, ALateWriterDoesNotUndoANewerStatus) {
  ASSERT_TRUE(IsOk(home_.Apply(NoteYaml("a", "two"))));
  ASSERT_TRUE(IsOk(Set({.observed_generation = 2})));
  EXPECT_EQ(CodeOf(Set({.observed_generation = 1})), ErrorCode::kConflict);
  EXPECT_EQ(CodeOf(Set({.observed_generation = 3})), ErrorCode::kInvalid);
}

TEST_F(StatusTest, GoesWithTheResource) {
  ASSERT_TRUE(IsOk(Set({.runtime = "running:1", .observed_generation = 1})));
  ASSERT_TRUE(IsOk(home_.service().Delete(home_.context(), {.ids = {kNote}})));
  EXPECT_EQ(CodeOf(Set({.observed_generation = 1})), ErrorCode::kNotFound);
  const auto deleted = home_.service().Get(home_.context(), kNote, {.version = 2});
  EXPECT_EQ(deleted->status.aggregate, Aggregate::kDeleted);
  ASSERT_TRUE(IsOk(home_.Apply(NoteYaml("a", "one"))));
  EXPECT_EQ(Now().runtime, "");
}

TEST_F(StatusTest, AnActionOfTheKindRuns) {
  EXPECT_EQ(*home_.service().Act(home_.context(), kNote, "shout", {}), boost::json::value("one!"));
  EXPECT_EQ(CodeOf(home_.service().Act(home_.context(), kNote, "dance", {})),
            ErrorCode::kUnimplemented);
}

}  // namespace
}  // namespace weir::resources
