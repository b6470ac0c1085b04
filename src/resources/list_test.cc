#include <gtest/gtest.h>

#include "resources/testing/resource_home.h"

namespace weir::resources {
namespace {

std::string Names(const Result<ListAnswer>& answer) {
  if (!answer) return answer.error().message;
  std::string names;
  for (const Resource& resource : answer->items) names += resource.id.name + " ";
  return names;
}

class List : public testing::Test {
 protected:
  List() {
    EXPECT_TRUE(IsOk(home_.Apply("name: lab\nversion: v1\ntype: workspace\n---\ntags: [x, y]\n" +
                                 NoteYaml("a1", "t") + "tags: [x]\n" + NoteYaml("a2", "t") +
                                 NoteYaml("b1", "t") + "workspace: lab\n" + NoteYaml("a3", "t"))));
  }

  std::string Filtered(ResourceFilter filter) {
    return Names(home_.service().List(home_.context(), {.filter = std::move(filter)}));
  }

  ResourceHome home_;
};

TEST_F(List, GivesEverythingByTypeWorkspaceAndName) {
  EXPECT_EQ(Filtered({}), "a3 a1 a2 b1 lab public ");
}

TEST_F(List, KeepsToWhatTheFilterSays) {
  EXPECT_EQ(Filtered({.type = "note"}), "a3 a1 a2 b1 ");
  EXPECT_EQ(Filtered({.type = "note", .workspace = "lab"}), "a3 ");
  EXPECT_EQ(Filtered({.workspace = "lab"}), "a3 lab public ");
  EXPECT_EQ(Filtered({.name_pattern = "a*"}), "a3 a1 a2 ");
  EXPECT_EQ(Filtered({.name_pattern = "?1"}), "a1 b1 ");
  EXPECT_EQ(Filtered({.owner = "ann"}), "a3 a1 a2 b1 lab ");
  EXPECT_EQ(Filtered({.owner = "bob"}), "");
  EXPECT_EQ(Filtered({.tags = {"x"}}), "a1 a2 ");
  EXPECT_EQ(Filtered({.tags = {"x", "y"}}), "a1 ");
  EXPECT_EQ(Filtered({.tags = {"dataos:workspace:lab"}}), "a3 ");
  EXPECT_EQ(Filtered({.tags = {"dataos:resource:workspace"}}), "lab public ");
}

TEST_F(List, NamesTheNearestOfAnUnknownType) {
  const auto answer = home_.service().List(home_.context(), {.filter = {.type = "nota"}});
  ASSERT_EQ(CodeOf(answer), ErrorCode::kInvalid);
  EXPECT_EQ(answer.error().hint, "did you mean note?");
}

// Goal: pages of any size give everything once, whatever the filter. Method: all sizes, with and
// without statuses standing between the resources.
TEST_F(List, PagesOfAnySizeGiveEverythingOnce) {
  for (const char* name : {"a1", "b1"}) {
    ASSERT_TRUE(IsOk(home_.service().SetStatus(home_.context(), ResourceHome::Note(name),
                                               {.observed_generation = 1})));
  }
  for (const ResourceFilter& filter :
       {ResourceFilter{}, ResourceFilter{.workspace = "public"}, ResourceFilter{.tags = {"x"}}}) {
    const std::string all = Filtered(filter);
    for (std::size_t limit = 1; limit <= 7; ++limit) {
      SCOPED_TRACE(limit);
      std::string seen;
      ListRequest request{.filter = filter, .limit = limit};
      do {
        const auto page = home_.service().List(home_.context(), request);
        ASSERT_TRUE(IsOk(page));
        EXPECT_LE(page->items.size(), limit);
        seen += Names(page);
        request.after = page->next;
      } while (!request.after.empty());
      EXPECT_EQ(seen, all);
    }
  }
}

TEST_F(List, RefusesACursorItDidNotGive) {
  EXPECT_EQ(CodeOf(home_.service().List(home_.context(), {.after = "nonsense"})),
            ErrorCode::kInvalid);
}

TEST(MatchesPattern, TakesStarsAndQuestionMarks) {
  EXPECT_TRUE(MatchesPattern("a*b*c", "a-xx-b-yy-c"));
  EXPECT_TRUE(MatchesPattern("*", ""));
  EXPECT_TRUE(MatchesPattern("a?c", "abc"));
  EXPECT_FALSE(MatchesPattern("a?c", "ac"));
  EXPECT_FALSE(MatchesPattern("a*b", "abc"));
  EXPECT_TRUE(MatchesPattern("abc", "abc"));
  EXPECT_FALSE(MatchesPattern("", "a"));
}

}  // namespace
}  // namespace weir::resources
