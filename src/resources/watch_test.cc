#include <gtest/gtest.h>

#include "resources/testing/resource_home.h"

namespace weir::resources {
namespace {

using Kind = ResourceEvent::Kind;

// What comes until `wanted` events are there, or a second has passed: "+a/one" for applied,
// "-a" for deleted.
std::string Seen(ResourceWatch& watch, const Context& context, std::size_t wanted) {
  std::string seen;
  const Context until = context.WithTimeout(std::chrono::seconds(1));
  for (std::size_t count = 0; count < wanted && until.Check();) {
    const auto events = watch.Next(until);
    if (!events) return events.error().message;
    for (const ResourceEvent& event : *events) {
      if (event.kind == Kind::kBookmark) continue;
      ++count;
      seen += event.kind == Kind::kDeleted ? "-" : "+";
      seen += event.id.name;
      if (event.resource) {
        seen += "/" + std::string(event.resource->spec.at("text").as_string());
      }
      seen += " ";
    }
  }
  return seen;
}

TEST(Watch, TellsOfEveryChangeSinceTheList) {
  ResourceHome home;
  const auto list = home.service().List(home.context(), {.filter = {.type = "note"}});
  const auto watch = home.service().Watch({.type = "note"}, list->revision);
  ASSERT_TRUE(IsOk(watch));
  ASSERT_TRUE(IsOk(home.Apply(NoteYaml("a", "one") + NoteYaml("b", "one"))));
  EXPECT_EQ(Seen(**watch, home.context(), 2), "+a/one +b/one ");
  ASSERT_TRUE(IsOk(home.Apply(NoteYaml("a", "two"))));
  EXPECT_EQ(Seen(**watch, home.context(), 1), "+a/two ");
  ASSERT_TRUE(IsOk(home.service().Delete(home.context(), {.ids = {ResourceHome::Note("a")}})));
  EXPECT_EQ(Seen(**watch, home.context(), 1), "-a ");
}

TEST(Watch, TellsOfAStatus) {
  ResourceHome home;
  ASSERT_TRUE(IsOk(home.Apply(NoteYaml("a", "one"))));
  const auto watch = home.service().Watch({.type = "note"}, 0);
  ASSERT_TRUE(IsOk(home.service().SetStatus(home.context(), ResourceHome::Note("a"),
                                            {.runtime = "r", .observed_generation = 1})));
  const auto events = (*watch)->Next(home.context().WithTimeout(std::chrono::seconds(1)));
  ASSERT_TRUE(IsOk(events));
  ASSERT_EQ(events->size(), 1u);
  EXPECT_EQ((*events)[0].resource->status.runtime, "r");
}

TEST(Watch, KeepsToItsFilter) {
  ResourceHome home;
  ASSERT_TRUE(IsOk(home.Apply("name: lab\nversion: v1\ntype: workspace\n")));
  const auto named = home.service().Watch({.type = "note", .name_pattern = "b*"}, 0);
  const auto tagged = home.service().Watch({.tags = {"x"}}, 0);
  const auto there = home.service().Watch({.type = "note", .workspace = "lab"}, 0);
  ASSERT_TRUE(IsOk(home.Apply(NoteYaml("a", "one") + "tags: [x]\n" + NoteYaml("b1", "two") +
                              "workspace: lab\n" + NoteYaml("c", "three"))));
  EXPECT_EQ(Seen(**named, home.context(), 1), "+b1/two ");
  EXPECT_EQ(Seen(**tagged, home.context(), 1), "+b1/two ");
  EXPECT_EQ(Seen(**there, home.context(), 1), "+c/three ");
}

TEST(Watch, HidesSecrets) {
  ResourceHome home;
  const auto watch = home.service().Watch({}, 0);
  ASSERT_TRUE(IsOk(home.Apply("name: v\nversion: v1\ntype: vault\nvault: {data: {p: tiger}}\n")));
  const auto events = (*watch)->Next(home.context().WithTimeout(std::chrono::seconds(1)));
  ASSERT_TRUE(IsOk(events));
  ASSERT_FALSE(events->empty());
  EXPECT_EQ((*events)[0].resource->spec.at("data").at("p"), boost::json::value("****"));
}

}  // namespace
}  // namespace weir::resources
