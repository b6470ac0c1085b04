#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "api/testing/api_harness.h"

namespace weir::api {
namespace {

using namespace std::chrono_literals;

std::string Note(std::string_view name, std::string_view text) {
  return fmt::format("name: {}\nversion: v1\ntype: note\nnote: {{text: {}}}\n", name, text);
}

constexpr const char* kNote = "/api/resources/note/n";

TEST(Resources, AreListedPageByPageEachOnce) {
  ApiHarness api;
  std::string manifests;
  for (int i = 0; i < 25; ++i) manifests += Note(fmt::format("n{:02}", i), "x") + "---\n";
  ASSERT_EQ(api.Apply(manifests).status, 200);
  std::set<std::string> names;
  std::string cursor;
  int pages = 0;
  do {
    const Told page = api.Get("/api/resources?type=note&limit=10" + cursor);
    ASSERT_EQ(page.status, 200);
    for (const auto& item : page.json.at("items").as_array()) {
      EXPECT_TRUE(names.insert(std::string(item.at("name").as_string())).second);
    }
    const std::string next = page.Text("/nextCursor");
    cursor = next.empty() ? "" : "&cursor=" + next;
    ++pages;
  } while (!cursor.empty());
  EXPECT_EQ(names.size(), 25U);
  EXPECT_EQ(pages, 3);
}

TEST(Resources, ACursorBelongsToItsFilters) {
  ApiHarness api;
  api.Apply(Note("a", "x") + "---\n" + Note("b", "x"));
  const std::string cursor = api.Get("/api/resources?type=note&limit=1").Text("/nextCursor");
  EXPECT_EQ(api.Get("/api/resources?type=note&limit=5&cursor=" + cursor).status, 200);
  EXPECT_EQ(api.Get("/api/resources?limit=1&cursor=" + cursor).status, 400);
  EXPECT_EQ(api.Get("/api/resources/note/a/history?cursor=" + cursor).status, 400);
  EXPECT_EQ(api.Get("/api/resources?type=note&cursor=" + cursor + "00").status, 400);
}

TEST(Resources, AreFilteredByWhatTheQuerySays) {
  ApiHarness api;
  api.Apply(Note("apple", "x") + "tags: [red, round]\n---\n" + Note("pear", "x") + "tags: [round]");
  const auto count = [&](const std::string& query) {
    return api.Get("/api/resources?type=note" + query).json.at("items").as_array().size();
  };
  EXPECT_EQ(count(""), 2U);
  EXPECT_EQ(count("&name=*ea*"), 1U);
  EXPECT_EQ(count("&tag=round"), 2U);
  EXPECT_EQ(count("&tag=round&tag=red"), 1U);
  EXPECT_EQ(count("&owner=owner"), 2U);
  EXPECT_EQ(count("&owner=ann"), 0U);
  EXPECT_EQ(count("&workspace=public"), 2U);
}

TEST(Resources, AnUnchangedOneIsNotSentAgain) {
  ApiHarness api;
  api.Apply(Note("n", "one"));
  const std::string etag = api.Get(kNote).Header("ETag");
  const auto again = [&] {
    return api.Send({.target = kNote, .headers = {{"If-None-Match", etag}}}).status;
  };
  EXPECT_EQ(again(), 304);
  api.Apply(Note("n", "two"));
  EXPECT_EQ(again(), 200);
}

TEST(Resources, OnlyTheVersionThatWasReadIsDeleted) {
  ApiHarness api;
  api.Apply(Note("n", "one"));
  const std::string etag = api.Get(kNote).Header("ETag");
  api.Apply(Note("n", "two"));
  const auto remove = [&](const std::string& tag) {
    return api.Send({.method = Method::kDelete, .target = kNote, .headers = {{"If-Match", tag}}});
  };
  const Told stale = remove(etag);
  EXPECT_EQ(stale.status, 412);
  EXPECT_EQ(stale.Text("/code"), "conflict");
  EXPECT_EQ(remove("3").status, 400);
  EXPECT_EQ(remove(api.Get(kNote).Header("ETag")).status, 200);
  EXPECT_EQ(remove("*").status, 404);
}

TEST(Resources, AreReadAsTheyWere) {
  ApiHarness api;
  api.Apply(Note("n", "one"));
  const std::string then = FormatTimestamp(api.clock.Now());
  api.clock.Advance(1h);
  api.Apply(Note("n", "two"));
  EXPECT_EQ(api.Get(kNote).Text("/note/text"), "two");
  EXPECT_EQ(api.Get(std::string(kNote) + "?at=1").Text("/note/text"), "one");
  EXPECT_EQ(api.Get(std::string(kNote) + "?at=" + then).Text("/note/text"), "one");
  EXPECT_EQ(api.Get(std::string(kNote) + "?at=7").status, 404);
  EXPECT_EQ(api.Get(std::string(kNote) + "?at=yesterday").status, 400);
}

TEST(Resources, HistoryTellsEveryVersionNewestFirst) {
  ApiHarness api;
  for (const char* text : {"one", "two", "three"}) api.Apply(Note("n", text));
  const std::string target = std::string(kNote) + "/history?limit=2";
  const Told page = api.Get(target);
  EXPECT_EQ(page.Text("/items/0/weir/version"), "3");
  EXPECT_EQ(page.Text("/items/1/note/text"), "two");
  const Told rest = api.Get(target + "&cursor=" + page.Text("/nextCursor"));
  EXPECT_EQ(rest.Text("/items/0/note/text"), "one");
  EXPECT_EQ(rest.Text("/nextCursor"), "");
}

TEST(Resources, RollBackAndComeBack) {
  ApiHarness api;
  api.Apply(Note("n", "one"));
  api.Apply(Note("n", "two"));
  const Told rolled = api.Post(std::string(kNote) + "/rollback", R"({"version": 1})");
  EXPECT_EQ(rolled.Text("/changes/0/outcome"), "configured");
  EXPECT_EQ(api.Get(kNote).Text("/note/text"), "one");
  EXPECT_EQ(api.Send({.method = Method::kDelete, .target = kNote}).status, 200);
  EXPECT_EQ(api.Get(kNote).status, 404);
  EXPECT_EQ(api.Send({.method = Method::kPost, .target = std::string(kNote) + "/undelete"}).status,
            200);
  EXPECT_EQ(api.Get(kNote).Text("/note/text"), "one");
  EXPECT_EQ(api.Post(std::string(kNote) + "/rollback", R"({"version": 99})").status, 404);
}

TEST(Resources, AnActionOfTheKindAnswers) {
  ApiHarness api;
  api.Apply(Note("n", "one"));
  EXPECT_EQ(api.Post(std::string(kNote) + "/actions/shout", "{}").Text("/result"), "one!");
  EXPECT_EQ(api.Post(std::string(kNote) + "/actions/whisper", "{}").status, 404);
}

TEST(Resources, AnUnknownKindNamesTheNearest) {
  ApiHarness api;
  const Told told = api.Get("/api/resources/noet/n");
  EXPECT_EQ(told.status, 400);
  EXPECT_NE(told.Text("/hint").find("note"), std::string::npos) << told.text;
}

TEST(Resources, OfAKindThatIsNotHereYetThereAreNone) {
  ApiHarness api;
  EXPECT_EQ(api.Get("/api/resources/depot/d").status, 404);
  EXPECT_EQ(api.Get("/api/resources?type=depot").status, 404);
  const Told told = api.Apply("name: d\nversion: v1\ntype: depot\ndepot: {}\n");
  EXPECT_EQ(told.status, 422);
  EXPECT_EQ(told.Text("/code"), "unimplemented");
}

TEST(Apply, SaysWhatBecameOfEach) {
  ApiHarness api;
  EXPECT_EQ(api.Apply(Note("n", "one")).Text("/changes/0/outcome"), "created");
  EXPECT_EQ(api.Apply(Note("n", "one")).Text("/changes/0/outcome"), "unchanged");
  const Told changed = api.Apply(Note("n", "two"));
  EXPECT_EQ(changed.Text("/changes/0/outcome"), "configured");
  EXPECT_EQ(changed.Text("/changes/0/fields/0/path"), "note.text");
  EXPECT_EQ(changed.Text("/changes/0/fields/0/after"), "two");
}

TEST(Apply, NamesThePlaceOfEveryMistake) {
  ApiHarness api;
  const Told told = api.Apply("name: n\nversion: v1\ntype: note\nnote:\n  txet: one\n");
  EXPECT_EQ(told.status, 400);
  EXPECT_EQ(told.Text("/errors/0/source"), "test.yaml");
  EXPECT_EQ(told.Text("/errors/0/line"), "5");
  EXPECT_EQ(told.Text("/errors/0/path"), "note.txet");
  EXPECT_NE(told.Text("/errors/0/hint").find("text"), std::string::npos) << told.text;
  EXPECT_EQ(api.Get("/api/resources?type=note").Text("/items"), "[]");
}

TEST(Apply, StandsOnlyOnTheVersionThatIsExpected) {
  ApiHarness api;
  api.Apply(Note("n", "one"));
  api.Apply(Note("n", "two"));
  const auto apply = [&](int expected) {
    return api
        .Post("/api/apply", fmt::format(R"({{"expectedVersion": {}, "documents": [{{"source": "-",
            "text": "name: n\nversion: v1\ntype: note\nnote: {{text: three}}"}}]}})",
                                        expected))
        .status;
  };
  EXPECT_EQ(apply(1), 409);
  EXPECT_EQ(apply(2), 200);
}

TEST(Diff, StoresNothing) {
  ApiHarness api;
  const std::string body =
      R"({"documents": [{"source": "-", "text": "name: n\nversion: v1\ntype: note\nnote: {text: x}"}]})";
  const Told told = api.Post("/api/diff", body);
  EXPECT_EQ(told.Text("/changes/0/outcome"), "created");
  EXPECT_EQ(told.Text("/dryRun"), "true");
  EXPECT_EQ(api.Get(kNote).status, 404);
}

TEST(Delete, TakesIdsAndManifests) {
  ApiHarness api;
  api.Apply(Note("a", "x") + "---\n" + Note("b", "x") + "---\n" + Note("c", "x"));
  const Told told = api.Post("/api/delete", R"({
      "ids": ["note/a", "note:v1:b:public"],
      "documents": [{"source": "-", "text": "name: c\nversion: v1\ntype: note\nnote: {text: x}"}]})");
  EXPECT_EQ(told.status, 200) << told.text;
  EXPECT_EQ(api.Get("/api/resources?type=note").Text("/items"), "[]");
  EXPECT_EQ(api.Post("/api/delete", "{}").status, 400);
  EXPECT_EQ(api.Post("/api/delete", R"({"ids": ["note/a"]})").status, 404);
}

TEST(Idempotency, AnApplyThatIsRepeatedAfterARestartIsAnsweredAsTheFirst) {
  ApiHarness api;
  const auto apply = [&](const std::string& text) {
    return api.Send({.method = Method::kPost,
                     .target = "/api/apply",
                     .body = fmt::format(R"({{"documents": [{{"source": "-", "text":
                       "name: n\nversion: v1\ntype: note\nnote: {{text: {}}}"}}]}})",
                                         text),
                     .headers = {{"Idempotency-Key", "k-1"}}});
  };
  const Told first = apply("one");
  EXPECT_EQ(first.Text("/changes/0/outcome"), "created");
  api.Restart();
  const Told again = apply("one");
  EXPECT_EQ(again.text, first.text);
  EXPECT_EQ(again.Header("Idempotency-Replayed"), "true");
  EXPECT_EQ(apply("two").status, 422);
  EXPECT_EQ(api.Get(kNote).Text("/weir/version"), "1");
}

}  // namespace
}  // namespace weir::api
