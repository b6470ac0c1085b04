#include <gtest/gtest.h>

#include "resources/testing/resource_home.h"

namespace weir::resources {
namespace {

using std::chrono::seconds;

std::string TextOf(const Result<Resource>& resource) {
  if (!resource) return resource.error().message;
  return std::string(resource->spec.at("text").as_string());
}

TEST(History, KeepsEveryVersion) {
  ResourceHome home;
  for (const char* text : {"one", "two", "three"}) {
    ASSERT_TRUE(IsOk(home.Apply(NoteYaml("a", text))));
    home.clock().Advance(seconds(10));
  }
  const auto history = home.service().History(home.context(), {.id = ResourceHome::Note("a")});
  ASSERT_TRUE(IsOk(history));
  std::string lines;
  for (const Resource& version : history->versions) {
    lines += std::to_string(version.version) + " " +
             std::string(version.spec.at("text").as_string()) + " " + version.applied_by + " " +
             FormatTimestamp(version.applied_at) + "\n";
  }
  EXPECT_EQ(lines,
            "3 three ann 2026-01-01T00:00:20Z\n"
            "2 two ann 2026-01-01T00:00:10Z\n"
            "1 one ann 2026-01-01T00:00:00Z\n");
}

TEST(History, ComesInPages) {
  ResourceHome home;
  for (int version = 1; version <= 5; ++version) {
    ASSERT_TRUE(IsOk(home.Apply(NoteYaml("a", "t" + std::to_string(version)))));
  }
  std::string seen;
  HistoryRequest request{.id = ResourceHome::Note("a"), .limit = 2};
  do {
    const auto page = home.service().History(home.context(), request);
    ASSERT_TRUE(IsOk(page));
    for (const Resource& version : page->versions) seen += std::to_string(version.version);
    seen += "|";
    request.before = page->next_before;
  } while (request.before != 0);
  EXPECT_EQ(seen, "54|32|1|");
}

TEST(History, ReadsAsOfAVersionOrATime) {
  ResourceHome home;
  const ResourceId id = ResourceHome::Note("a");
  auto& service = home.service();
  const Timestamp start = home.clock().Now();
  home.clock().Advance(seconds(10));
  ASSERT_TRUE(IsOk(home.Apply(NoteYaml("a", "one"))));
  home.clock().Advance(seconds(10));
  ASSERT_TRUE(IsOk(home.Apply(NoteYaml("a", "two"))));
  home.clock().Advance(seconds(10));
  ASSERT_TRUE(IsOk(service.Delete(home.context(), {.ids = {id}})));

  EXPECT_EQ(TextOf(service.Get(home.context(), id, {.version = 1})), "one");
  EXPECT_EQ(TextOf(service.Get(home.context(), id, {.version = 2})), "two");
  EXPECT_EQ(CodeOf(service.Get(home.context(), id, {.version = 9})), ErrorCode::kNotFound);
  const auto at = [&](int after) {
    return TextOf(service.Get(home.context(), id, {.at = start + seconds(after)}));
  };
  EXPECT_EQ(at(9), "note a in workspace public was not there at 2026-01-01T00:00:09Z");
  EXPECT_EQ(at(10), "one");
  EXPECT_EQ(at(19), "one");
  EXPECT_EQ(at(29), "two");
  EXPECT_EQ(at(30), "note a in workspace public was deleted at 2026-01-01T00:00:30Z");
}

TEST(History, ARollbackIsANewVersionWithTheOldManifest) {
  ResourceHome home;
  const ResourceId id = ResourceHome::Note("a");
  ASSERT_TRUE(IsOk(home.Apply("tags: [x]\ndescription: d\n" + NoteYaml("a", "one"))));
  ASSERT_TRUE(IsOk(home.Apply(NoteYaml("a", "two"))));
  const auto back = home.service().Rollback(home.context(), id, 1, home.problems());
  EXPECT_EQ(home.Outcomes(back), "configured note a\n");
  const auto now = home.service().Get(home.context(), id);
  EXPECT_EQ(TextOf(now), "one");
  EXPECT_EQ(now->version, 3);
  EXPECT_EQ(now->header.tags, std::vector<std::string>{"x"});
  EXPECT_EQ(now->header.description, "d");
  EXPECT_EQ(home.Outcomes(home.service().Rollback(home.context(), id, 3, home.problems())),
            "unchanged note a\n");
}

TEST(History, ARollbackObeysTheRulesOfToday) {
  ResourceHome home;
  ASSERT_TRUE(IsOk(home.Apply(NoteYaml("z", "x") + NoteYaml("a", "one", "  needs: [z]\n"))));
  ASSERT_TRUE(IsOk(home.Apply(NoteYaml("a", "two"))));
  ASSERT_TRUE(IsOk(home.service().Delete(home.context(), {.ids = {ResourceHome::Note("z")}})));
  EXPECT_EQ(
      CodeOf(home.service().Rollback(home.context(), ResourceHome::Note("a"), 1, home.problems())),
      ErrorCode::kInvalid);
}

TEST(History, TheGenerationCountsChangesOfTheSpecAlone) {
  ResourceHome home;
  ASSERT_TRUE(IsOk(home.Apply(NoteYaml("a", "one"))));
  ASSERT_TRUE(IsOk(home.Apply("tags: [x]\n" + NoteYaml("a", "one"))));
  ASSERT_TRUE(IsOk(home.Apply("tags: [x]\n" + NoteYaml("a", "two"))));
  const auto now = home.service().Get(home.context(), ResourceHome::Note("a"));
  EXPECT_EQ(now->version, 3);
  EXPECT_EQ(now->generation, 2);
}

TEST(History, GoesOnAfterADeletionAndAnUndelete) {
  ResourceHome home;
  const ResourceId id = ResourceHome::Note("a");
  auto& service = home.service();
  ASSERT_TRUE(IsOk(home.Apply(NoteYaml("a", "one"))));
  ASSERT_TRUE(IsOk(service.Delete(home.context(), {.ids = {id}})));
  EXPECT_EQ(service.Get(home.context(), id).error().hint,
            "it was deleted; weir undelete brings it back");
  EXPECT_EQ(home.Outcomes(service.Undelete(home.context(), id, home.problems())),
            "created note a\n");
  EXPECT_EQ(CodeOf(service.Undelete(home.context(), id, home.problems())), ErrorCode::kConflict);
  ASSERT_TRUE(IsOk(service.Delete(home.context(), {.ids = {id}})));
  ASSERT_TRUE(IsOk(home.Apply(NoteYaml("a", "two"))));
  std::string seen;
  const auto history = service.History(home.context(), {.id = id});
  for (const Resource& version : history->versions) {
    seen += std::to_string(version.version) + (version.deleted ? "x" : "") + " ";
  }
  EXPECT_EQ(seen, "5 4x 3 2x 1 ");
  EXPECT_EQ(CodeOf(service.Rollback(home.context(), id, 2, home.problems())), ErrorCode::kInvalid);
  EXPECT_EQ(TextOf(service.Get(home.context(), id, {.version = 3})), "one");
}

TEST(History, OfWhatNeverWasIsNotFound) {
  ResourceHome home;
  EXPECT_EQ(CodeOf(home.service().History(home.context(), {.id = ResourceHome::Note("a")})),
            ErrorCode::kNotFound);
  EXPECT_EQ(
      CodeOf(home.service().Undelete(home.context(), ResourceHome::Note("a"), home.problems())),
      ErrorCode::kNotFound);
}

TEST(History, SurvivesARestart) {
  ResourceHome home;
  ASSERT_TRUE(IsOk(home.Apply(NoteYaml("a", "one"))));
  ASSERT_TRUE(IsOk(home.Apply(NoteYaml("a", "two"))));
  home.Reopen();
  EXPECT_EQ(TextOf(home.service().Get(home.context(), ResourceHome::Note("a"))), "two");
  EXPECT_EQ(TextOf(home.service().Get(home.context(), ResourceHome::Note("a"), {.version = 1})),
            "one");
}

}  // namespace
}  // namespace weir::resources
