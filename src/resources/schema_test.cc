#include "resources/schema.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/testing/matchers.h"

namespace weir::resources {
namespace {

namespace json = boost::json;

// What becomes of `value` under `schema`: the value with its defaults, or the problems.
std::string Check(std::string_view schema, std::string_view value) {
  const auto compiled = Schema::Compile(schema);
  if (!compiled) return compiled.error().message;
  json::value parsed = json::parse(value);
  Problems problems;
  CheckAgainst(compiled->root(), {.path = "x"}, parsed, problems);
  if (problems.empty()) return json::serialize(parsed);
  std::string lines;
  for (const Problem& problem : problems.items()) lines += problem.ToString() + "\n";
  return lines;
}

TEST(Schema, PutsInDefaultsAsDeepAsTheyGo) {
  EXPECT_EQ(Check(R"({"properties": {"a": {"default": {}, "type": "object",
                      "properties": {"b": {"default": [1]}}}}})",
                  "{}"),
            R"({"a":{"b":[1]}})");
  EXPECT_EQ(Check(R"({"properties": {"a": {"type": "object",
                      "properties": {"b": {"default": 1}}}}})",
                  "{}"),
            "{}");
}

TEST(Schema, TakesNothingForNotGiven) {
  EXPECT_EQ(Check(R"({"properties": {"a": {"type": "string"}, "b": {"type": ["null", "string"]}}})",
                  R"({"a": null, "b": null})"),
            R"({"b":null})");
  EXPECT_EQ(
      Check(R"({"required": ["a"], "properties": {"a": {"type": "string"}}})", R"({"a": null})"),
      "x.a is missing\n");
}

TEST(Schema, ChecksEveryKeyword) {
  EXPECT_EQ(Check(R"({"type": "string", "minLength": 2})", R"("a")"),
            "x must have at least 2 characters\n");
  EXPECT_EQ(Check(R"({"type": "string", "minLength": 1})", R"("")"), "x is empty\n");
  EXPECT_EQ(Check(R"({"type": "string", "maxLength": 2})", R"("abc")"),
            "x must have at most 2 characters\n");
  EXPECT_EQ(Check(R"({"type": "string", "pattern": "^a+$"})", R"("ab")"), "x must match ^a+$\n");
  EXPECT_EQ(Check(R"({"type": "number", "minimum": 0.5})", "0.25"), "x must be at least 0.5\n");
  EXPECT_EQ(Check(R"({"type": "integer"})", "0.5"), "x must be a whole number, not a number\n");
  EXPECT_EQ(Check(R"({"type": "number"})", "1"), "1");
  EXPECT_EQ(Check(R"({"type": ["boolean", "string"]})", "[]"),
            "x must be text or true or false, not a list\n");
  EXPECT_EQ(Check(R"({"minItems": 1})", "[]"), "x must have at least 1 items\n");
  EXPECT_EQ(Check(R"({"maxItems": 1})", "[1, 2]"), "x must have at most 1 items\n");
  EXPECT_EQ(Check(R"({"uniqueItems": true})", "[1, 2, 1]"), "x[2] is there twice\n");
  EXPECT_EQ(Check(R"({"minProperties": 1})", "{}"), "x must have at least 1 keys\n");
  EXPECT_EQ(Check(R"({"maxProperties": 0})", R"({"a": 1})"), "x must have at most 0 keys\n");
  EXPECT_EQ(Check(R"({"additionalProperties": {"type": "integer"}})", R"({"a": "b"})"),
            "x.a must be a whole number, not text\n");
  EXPECT_EQ(Check(R"({"items": {"properties": {"a": {"enum": [1, "b"]}}}})", R"([{"a": 2}])"),
            "x[0].a cannot be 2 (one of 1, b)\n");
}

TEST(Schema, FollowsReferencesButNotInACircle) {
  EXPECT_EQ(Check(R"({"items": {"$ref": "#/$defs/a"}, "$defs": {"a": {"type": "string"}}})", "[1]"),
            "x[0] must be text, not a whole number\n");
  EXPECT_EQ(Check(R"({"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/a"}}})", "1"),
            "schema: it refers to itself, or is very deep");
}

TEST(Schema, IgnoresNoKeywordItDoesNotKnow) {
  EXPECT_EQ(Check(R"({"oneOf": []})", "1"), "schema: the keyword oneOf is not understood");
  EXPECT_EQ(Check(R"({"type": "text"})", "1"), "schema: type cannot be \"text\"");
  EXPECT_EQ(Check(R"({"pattern": "("})", "1"), "schema: pattern cannot be \"(\"");
  EXPECT_EQ(Check(R"({"additionalProperties": false, "required": ["a"]})", "1"),
            "schema: the required key a is no property");
  EXPECT_EQ(Check("[]", "1"), "schema: it is no JSON object");
}

TEST(Schema, MatchesAPatternAgainstALongTextWithoutTheStack) {
  EXPECT_EQ(Check(R"({"type": "string", "pattern": "^(a|b)*$"})",
                  "\"" + std::string(1'000'000, 'a') + "\""),
            "x must match ^(a|b)*$\n");
}

TEST(Schema, FindsSecretsWithTheirPointers) {
  const auto schema = Schema::Compile(R"({"properties": {
    "p": {"type": "string", "writeOnly": true},
    "list": {"items": {"properties": {"q": {"writeOnly": true}}}},
    "map": {"additionalProperties": {"writeOnly": true}}
  }})");
  ASSERT_TRUE(IsOk(schema));
  json::value value = json::parse(
      R"({"p": "1", "list": [{"q": 2, "r": 3}, {"q": {"deep": 4}}], "map": {"a/b~c": 5}, "z": 6})");
  std::string seen;
  const auto walked =
      VisitMarked(schema->root(), Mark::kSecretOrManifest, value,
                  [&seen](const SchemaNode&, const std::string& pointer, json::value& secret) {
                    seen += pointer + " ";
                    secret = "hidden";
                    return Ok();
                  });
  ASSERT_TRUE(IsOk(walked));
  EXPECT_EQ(seen, "/p /list/0/q /list/1/q /map/a~1b~0c ");
  EXPECT_EQ(json::serialize(value), R"({"p":"hidden","list":[{"q":"hidden","r":3},{"q":"hidden"}],)"
                                    R"("map":{"a/b~c":"hidden"},"z":6})");
}

}  // namespace
}  // namespace weir::resources
