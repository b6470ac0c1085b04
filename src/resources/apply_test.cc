#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>

#include "resources/testing/resource_home.h"

namespace weir::resources {
namespace {

TEST(Apply, CreatesThenLeavesUnchangedThenConfigures) {
  ResourceHome home;
  EXPECT_EQ(home.Outcomes(home.Apply(NoteYaml("a", "one"))), "created note a\n");
  EXPECT_EQ(home.Outcomes(home.Apply(NoteYaml("a", "one"))), "unchanged note a\n");
  const auto changed = home.Apply(NoteYaml("a", "two"));
  EXPECT_EQ(home.Outcomes(changed), "configured note a\n");
  ASSERT_EQ(changed->changes[0].fields.size(), 1u);
  EXPECT_EQ(changed->changes[0].fields[0].path, "note.text");
  EXPECT_EQ(changed->changes[0].fields[0].before, boost::json::value("one"));
  EXPECT_EQ(changed->changes[0].fields[0].after, boost::json::value("two"));
}

TEST(Apply, AnUnchangedManifestWritesNothing) {
  ResourceHome home;
  ASSERT_TRUE(IsOk(home.Apply(NoteYaml("a", "one") + NoteYaml("b", "two"))));
  const auto revision = home.store().revision();
  const auto again = home.Apply(NoteYaml("a", "one") + NoteYaml("b", "two"));
  ASSERT_TRUE(IsOk(again));
  EXPECT_EQ(home.store().revision(), revision);
  EXPECT_EQ(again->revision, revision);
}

TEST(Apply, IsAllOrNothing) {
  ResourceHome home;
  const std::string before = home.Everything();
  EXPECT_FALSE(home.Apply(NoteYaml("a", "one") + NoteYaml("b", "wrong")));
  EXPECT_EQ(home.ProblemLines(), "test.yaml:11:3: this text is wrong (write another)\n");
  EXPECT_EQ(home.Everything(), before);
}

TEST(Apply, AHookThatRefusesUndoesEverything) {
  ResourceHome home;
  const std::string before = home.Everything();
  EXPECT_EQ(CodeOf(home.Apply(NoteYaml("a", "one") + NoteYaml("b", "refused"))),
            ErrorCode::kDenied);
  EXPECT_EQ(home.Everything(), before);
}

TEST(Apply, FollowsTheOrderOfDependencies) {
  ResourceHome home;
  EXPECT_EQ(
      home.Outcomes(home.Apply(NoteYaml("a", "one", "  needs: [b, c]\n") +
                               NoteYaml("b", "two", "  needs: [c]\n") + NoteYaml("c", "three"))),
      "created note c\ncreated note b\ncreated note a\n");
}

TEST(Apply, ADryRunSaysWhatWouldHappenAndWritesNothing) {
  ResourceHome home;
  const std::string before = home.Everything();
  const auto answer = home.Apply(NoteYaml("a", "one"), {.dry_run = true});
  EXPECT_EQ(home.Outcomes(answer), "created note a\n");
  EXPECT_FALSE(answer->changes[0].fields.empty());
  EXPECT_EQ(home.Everything(), before);
  EXPECT_EQ(CodeOf(home.Apply(NoteYaml("a", "refused"), {.dry_run = true})), ErrorCode::kDenied);
}

TEST(Apply, GivesTheResourceToWhoAppliesIt) {
  ResourceHome home;
  const auto answer = home.Apply("owner: bob\n" + NoteYaml("a", "one"));
  ASSERT_TRUE(IsOk(answer));
  EXPECT_EQ(answer->changes[0].note, "the owner is ann, who applies it");
  EXPECT_EQ(home.service().Get(home.context(), ResourceHome::Note("a"))->header.owner, "ann");
  EXPECT_EQ(home.Outcomes(home.Apply("owner: ann\n" + NoteYaml("a", "one"))), "unchanged note a\n");
}

TEST(Apply, TheExpectedVersionGuardsAgainstSomebodyElsesChange) {
  ResourceHome home;
  ASSERT_TRUE(IsOk(home.Apply(NoteYaml("a", "one"), {.expected_version = 0})));
  EXPECT_EQ(CodeOf(home.Apply(NoteYaml("a", "two"), {.expected_version = 0})),
            ErrorCode::kConflict);
  EXPECT_TRUE(IsOk(home.Apply(NoteYaml("a", "two"), {.expected_version = 1})));
  EXPECT_EQ(CodeOf(home.Apply(NoteYaml("a", "three"), {.expected_version = 1})),
            ErrorCode::kConflict);
}

TEST(Apply, MakesTheWorkspacePublicOnceAndForAll) {
  ResourceHome home;
  const ResourceId id{.type = "workspace", .workspace = "", .name = "public"};
  EXPECT_EQ(home.service().Get(home.context(), id)->version, 1);
  home.Reopen();
  EXPECT_EQ(home.service().Get(home.context(), id)->version, 1);
  ASSERT_TRUE(IsOk(home.service().Delete(home.context(), {.ids = {id}})));
  home.Reopen();
  EXPECT_EQ(CodeOf(home.service().Get(home.context(), id)), ErrorCode::kNotFound);
}

TEST(Apply, WhatOutputShowsCanBeAppliedAgain) {
  ResourceHome home;
  ASSERT_TRUE(IsOk(home.Apply("tags: [x]\n" + NoteYaml("a", "one", "  ratio: 0.1\n"))));
  const auto resource = home.service().Get(home.context(), ResourceHome::Note("a"));
  ASSERT_TRUE(IsOk(resource));
  EXPECT_EQ(home.Outcomes(home.Apply(boost::json::serialize(ToJson(*resource)))),
            "unchanged note a\n");
}

TEST(Apply, ShowsKeysInTheOrderOfTheSchema) {
  ResourceHome home;
  ASSERT_TRUE(IsOk(home.Apply(
      "name: a\nversion: v1\ntype: note\nnote:\n  labels: {z: x, b: x}\n  size: 1\n  text: x\n")));
  const auto resource = home.service().Get(home.context(), ResourceHome::Note("a"));
  EXPECT_EQ(boost::json::serialize(resource->spec),
            R"({"text":"x","colour":"red","size":1,"labels":{"b":"x","z":"x"}})");
}

TEST(Apply, RefusesAResourceThatTheStoreCannotHold) {
  ResourceHome home;
  EXPECT_EQ(CodeOf(home.Apply(NoteYaml("a", std::string(2 << 20, 'x')))), ErrorCode::kExhausted);
  EXPECT_EQ(home.ProblemLines(),
            "test.yaml:1:1: note a in workspace public is larger than 1024 KiB\n");
}

TEST(Apply, ManyAtOnceFitOneTransaction) {
  ResourceHome home;
  std::string text;
  for (int number = 0; number < 2000; ++number) {
    text += NoteYaml("n" + std::to_string(number), std::string(1000, 'x'));
  }
  const auto answer = home.Apply(text);
  ASSERT_TRUE(IsOk(answer));
  EXPECT_EQ(answer->changes.size(), 2000u);
}

}  // namespace
}  // namespace weir::resources
