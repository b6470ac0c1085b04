#include "api/schema_check.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

namespace weir::api {
namespace {

using namespace schema;  // NOLINT: schemas read as such here

const boost::json::object kComponents = {
    {"Document",
     Object({Required("source", Text({.max = 5}), "where"), Required("text", Text(), "what")})}};

Schema Sample() {
  return Object({
      Required("documents", ListOf(Ref("Document"), 2), "several"),
      Optional("level", OneOf({"info", "debug"}), "how much"),
      Optional("count", Integer(1, 10), "how many"),
      Optional("dryRun", Flag(), "whether"),
      Optional("since", Time(), "when"),
      Optional("key", Text({.min = 1, .shape = &kVisible}), "which"),
      Optional("rest", AnyObject(), "anything"),
      Optional("any", Anything(), "anything at all"),
  });
}

std::vector<Violation> CheckText(std::string_view text) {
  return Check(boost::json::parse(text), Sample(), kComponents);
}

TEST(SchemaCheck, LetsThroughWhatTheSchemaSays) {
  EXPECT_TRUE(CheckText(R"({"documents": []})").empty());
  EXPECT_TRUE(CheckText(R"({"documents": [{"source": "a", "text": ""}], "level": "info",
                            "count": 3.0, "dryRun": true, "since": "2026-11-21T10:00:00Z",
                            "key": "k", "rest": {"x": [null]}, "any": null})")
                  .empty());
}

TEST(SchemaCheck, SaysWhereAndWhatIsWrong) {
  struct Case {
    const char* text;
    const char* path;
    const char* message;
  };
  for (const Case& wrong : {
           Case{"[]", "", "a list where an object belongs"},
           Case{"{}", "", "`documents` is missing"},
           Case{R"({"documents": {}})", "documents", "an object where a list belongs"},
           Case{R"({"documents": [1]})", "documents[0]", "a number where an object belongs"},
           Case{R"({"documents": [{"source": "a"}]})", "documents[0]", "`text` is missing"},
           Case{R"({"documents": [{"source": "abcdef", "text": ""}]})", "documents[0].source",
                "6 characters where at most 5 may stand"},
           Case{R"({"documents": [{}, {}, {}]})", "documents", "3 items where at most 2 may stand"},
           Case{R"({"documents": [], "level": "loud"})", "level", R"(not one of ["info","debug"])"},
           Case{R"({"documents": [], "level": 3})", "level", "a number where a text belongs"},
           Case{R"({"documents": [], "count": 0})", "count", "not a whole number from 1 to 10"},
           Case{R"({"documents": [], "count": 1.5})", "count", "not a whole number from 1 to 10"},
           Case{R"({"documents": [], "count": 18446744073709551615})", "count",
                "not a whole number from 1 to 10"},
           Case{R"({"documents": [], "count": "1"})", "count",
                "a text where a whole number belongs"},
           Case{R"({"documents": [], "dryRun": null})", "dryRun",
                "null where true or false belongs"},
           Case{R"({"documents": [], "since": "today"})", "since",
                "not a time such as 2026-11-21T10:00:00Z"},
           Case{R"({"documents": [], "key": ""})", "key", "it is empty"},
           Case{R"({"documents": [], "key": "a b"})", "key", "does not match ^[!-~]+$"},
           Case{R"({"documents": [], "rest": true})", "rest", "a boolean where an object belongs"},
       }) {
    const auto violations = CheckText(wrong.text);
    ASSERT_FALSE(violations.empty()) << wrong.text;
    EXPECT_EQ(violations[0].path, wrong.path) << wrong.text;
    EXPECT_EQ(violations[0].message, wrong.message) << wrong.text;
  }
}

TEST(SchemaCheck, AnUnknownKeyNamesTheNearestOrAll) {
  const auto near = CheckText(R"({"documents": [], "levle": "info"})");
  ASSERT_EQ(near.size(), 1U);
  EXPECT_EQ(near[0].path, "levle");
  EXPECT_EQ(near[0].hint, "did you mean `level`?");
  const auto far = CheckText(R"({"documents": [{"source": "a", "text": "", "zzz": 1}]})");
  ASSERT_EQ(far.size(), 1U);
  EXPECT_EQ(far[0].path, "documents[0].zzz");
  EXPECT_EQ(far[0].hint, "the keys are: source, text");
}

TEST(SchemaCheck, LengthsCountCodePoints) {
  EXPECT_TRUE(CheckText(R"({"documents": [{"source": "äöüßé", "text": ""}]})").empty());
}

TEST(SchemaCheck, StopsAtTwentyViolations) {
  const Schema list = ListOf(Integer(0, 1));
  boost::json::array numbers(1000, boost::json::value(7));
  EXPECT_EQ(Check(numbers, list, {}).size(), 20U);
}

}  // namespace
}  // namespace weir::api
