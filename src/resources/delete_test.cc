#include <gtest/gtest.h>

#include "resources/testing/resource_home.h"

namespace weir::resources {
namespace {

using Dependents = DeleteRequest::Dependents;

TEST(Delete, LeavesNothingInTheListAndRunsTheHook) {
  ResourceHome home;
  ASSERT_TRUE(IsOk(home.Apply(NoteYaml("a", "one"))));
  EXPECT_EQ(
      home.Outcomes(home.service().Delete(home.context(), {.ids = {ResourceHome::Note("a")}})),
      "deleted note a\n");
  EXPECT_TRUE(home.service().List(home.context(), {.filter = {.type = "note"}})->items.empty());
  const auto snapshot = home.store().Read(home.context());
  EXPECT_FALSE((*snapshot)->Get(control::Key("notes").With("a"))->has_value());
}

TEST(Delete, IsRefusedWhileOthersNeedIt) {
  ResourceHome home;
  ASSERT_TRUE(IsOk(home.Apply(NoteYaml("a", "x") + NoteYaml("b", "x", "  needs: [a]\n") +
                              NoteYaml("c", "x", "  needs: [a]\n"))));
  const std::string before = home.Everything();
  const auto refused = home.service().Delete(home.context(), {.ids = {ResourceHome::Note("a")}});
  ASSERT_EQ(CodeOf(refused), ErrorCode::kConflict);
  EXPECT_EQ(refused.error().message,
            "note a in workspace public is needed by note b in workspace public and 1 more");
  EXPECT_EQ(home.Everything(), before);
}

TEST(Delete, TakesAlongWhatNeedsItWhenAsked) {
  ResourceHome home;
  ASSERT_TRUE(IsOk(home.Apply(NoteYaml("a", "x") + NoteYaml("b", "x", "  needs: [a]\n") +
                              NoteYaml("c", "x", "  needs: [b]\n"))));
  EXPECT_EQ(
      home.Outcomes(home.service().Delete(home.context(), {.ids = {ResourceHome::Note("a")},
                                                           .dependents = Dependents::kDeleteToo})),
      "deleted note c\ndeleted note b\ndeleted note a\n");
}

TEST(Delete, OfAllThatNeedEachOtherTogetherIsFine) {
  ResourceHome home;
  ASSERT_TRUE(IsOk(home.Apply(NoteYaml("a", "x") + NoteYaml("b", "x", "  needs: [a]\n"))));
  EXPECT_EQ(home.Outcomes(home.service().Delete(
                home.context(), {.ids = {ResourceHome::Note("a"), ResourceHome::Note("b")}})),
            "deleted note b\ndeleted note a\n");
}

TEST(Delete, IsAllOrNothing) {
  ResourceHome home;
  ASSERT_TRUE(IsOk(home.Apply(NoteYaml("a", "x"))));
  const std::string before = home.Everything();
  EXPECT_EQ(CodeOf(home.service().Delete(
                home.context(), {.ids = {ResourceHome::Note("a"), ResourceHome::Note("b")}})),
            ErrorCode::kNotFound);
  EXPECT_EQ(home.Everything(), before);
}

TEST(Delete, ADryRunDeletesNothing) {
  ResourceHome home;
  ASSERT_TRUE(IsOk(home.Apply(NoteYaml("a", "x"))));
  const std::string before = home.Everything();
  EXPECT_EQ(home.Outcomes(home.service().Delete(
                home.context(), {.ids = {ResourceHome::Note("a")}, .dry_run = true})),
            "deleted note a\n");
  EXPECT_EQ(home.Everything(), before);
}

TEST(Delete, AWorkspaceThatHoldsSomethingStays) {
  ResourceHome home;
  ASSERT_TRUE(IsOk(home.Apply("name: lab\nversion: v1\ntype: workspace\n---\nworkspace: lab\n" +
                              NoteYaml("a", "x"))));
  const ResourceId lab{.type = "workspace", .workspace = "", .name = "lab"};
  const auto refused = home.service().Delete(home.context(), {.ids = {lab}});
  ASSERT_EQ(CodeOf(refused), ErrorCode::kConflict);
  EXPECT_EQ(refused.error().message, "workspace lab is needed by note a in workspace lab");
  EXPECT_EQ(home.Outcomes(home.service().Delete(
                home.context(), {.ids = {lab}, .dependents = Dependents::kDeleteToo})),
            "deleted note a\ndeleted workspace lab\n");
}

TEST(Delete, TheExpectedVersionGuardsIt) {
  ResourceHome home;
  ASSERT_TRUE(IsOk(home.Apply(NoteYaml("a", "x"))));
  const std::vector<ResourceId> ids{ResourceHome::Note("a")};
  EXPECT_EQ(CodeOf(home.service().Delete(home.context(), {.ids = ids, .expected_version = 2})),
            ErrorCode::kConflict);
  EXPECT_TRUE(IsOk(home.service().Delete(home.context(), {.ids = ids, .expected_version = 1})));
}

TEST(Delete, ANeedGivenUpNoLongerHolds) {
  ResourceHome home;
  ASSERT_TRUE(IsOk(home.Apply(NoteYaml("a", "x") + NoteYaml("b", "x", "  needs: [a]\n"))));
  ASSERT_TRUE(IsOk(home.Apply(NoteYaml("b", "x"))));
  EXPECT_TRUE(IsOk(home.service().Delete(home.context(), {.ids = {ResourceHome::Note("a")}})));
}

}  // namespace
}  // namespace weir::resources
