#include <gtest/gtest.h>

#include <set>
#include <string>

#include "api/testing/api_harness.h"

namespace weir::api {
namespace {

std::set<std::string> TypesOf(const Told& told) {
  std::set<std::string> types;
  for (const auto& kind : told.json.at("items").as_array()) {
    types.emplace(kind.at("type").as_string());
  }
  return types;
}

TEST(Kinds, AreThoseThatAreHereUnlessAllAreAskedFor) {
  ApiHarness api;
  EXPECT_EQ(TypesOf(api.Get("/api/kinds")),
            (std::set<std::string>{"dataset", "note", "secret", "workspace"}));
  const auto all = TypesOf(api.Get("/api/kinds?all=true"));
  EXPECT_TRUE(all.contains("note"));
  EXPECT_TRUE(all.contains("depot"));
}

TEST(Kinds, AreExplainedKeyByKey) {
  ApiHarness api;
  const Told whole = api.Get("/api/kinds/note");
  EXPECT_EQ(whole.Text("/scope"), "workspace");
  EXPECT_EQ(whole.Text("/actions/0/name"), "shout");
  EXPECT_EQ(whole.Text("/schema/properties/note/required/0"), "text");
  const Told key = api.Get("/api/kinds/note?path=text");
  EXPECT_EQ(key.Text("/explanation/description"), "What it says.") << key.text;
  EXPECT_GE(api.Get("/api/kinds/note?path=txet").status, 400);
  EXPECT_EQ(api.Get("/api/kinds/noet").status, 400);
  EXPECT_EQ(api.Get("/api/kinds/depot").status, 404);
}

TEST(Lint, SaysOfEachManifestWhatItWouldMeet) {
  ApiHarness api;
  const Told told = api.Post("/api/lint", R"({"documents": [{"source": "m.yaml", "text":
      "name: a\nversion: v1\ntype: note\nnote: {text: x}\n---\nname: b\nversion: v1\ntype: depot\ndepot: {}\n---\nname: c\nversion: v1\ntype: note\nnote: {txet: x}\n"}]})");
  EXPECT_EQ(told.Text("/findings/0/verdict"), "applies") << told.text;
  EXPECT_EQ(told.Text("/findings/1/verdict"), "not-here-yet");
  EXPECT_EQ(told.Text("/findings/2/verdict"), "wrong");
  EXPECT_EQ(told.Text("/findings/2/errors/0/path"), "note.txet");
  EXPECT_EQ(api.Get("/api/resources?type=note").Text("/items"), "[]");
}

}  // namespace
}  // namespace weir::api
