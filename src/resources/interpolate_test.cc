#include "resources/interpolate.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>

#include "resources/yaml_reader.h"

namespace weir::resources {
namespace {

// The text with variables filled in; or the problems, one a line.
std::string Fill(std::string_view text, const std::map<std::string, std::string>& variables) {
  const Environment environment = [&variables](std::string_view name) {
    const auto found = variables.find(std::string(name));
    return found == variables.end() ? std::optional<std::string>() : found->second;
  };
  Problems problems;
  const auto filled = Interpolate("t.yaml", text, environment, problems);
  if (filled) return *filled;
  std::string lines;
  for (const Problem& problem : problems.items()) lines += problem.ToString() + "\n";
  return lines;
}

TEST(Interpolate, FillsInBothForms) {
  EXPECT_EQ(Fill("a: $X\nb: ${X}y\nc: ${X}${Y}\n", {{"X", "1"}, {"Y", "2"}}),
            "a: 1\nb: 1y\nc: 12\n");
}

TEST(Interpolate, LeavesOtherDollarSignsAlone) {
  EXPECT_EQ(
      Fill("a: $1 $ ${! x() } ${X:y} $$X ${\n# $NOT_SET\nb: 'it costs 5$' # ${NOR_THIS}\n", {}),
      "a: $1 $ ${! x() } ${X:y} $X ${\n# $NOT_SET\nb: 'it costs 5$' # ${NOR_THIS}\n");
}

TEST(Interpolate, NamesThePlaceOfAVariableThatIsNotSet) {
  EXPECT_EQ(Fill("a: $X\nb: c-${Y}\n", {}),
            "t.yaml:1:4: the variable X is not set (set it, or write $$ for a dollar sign)\n"
            "t.yaml:2:6: the variable Y is not set (set it, or write $$ for a dollar sign)\n");
}

TEST(Interpolate, QuotesAValueThatWouldReadAsSomethingElse) {
  EXPECT_EQ(Fill("a: $X\n", {{"X", "p: q #r"}}), "a: \"p: q #r\"\n");
  EXPECT_EQ(Fill("- ${X} # why\n", {{"X", "[1"}}), "- \"[1\" # why\n");
  EXPECT_EQ(Fill("a: {b: ${X}, c: d}\n", {{"X", "1, e: 2"}}), "a: {b: \"1, e: 2\", c: d}\n");
  EXPECT_EQ(Fill("a: $X\n", {{"X", ""}}), "a: \"\"\n");
  EXPECT_EQ(Fill("a: $X\n", {{"X", "null"}}), "a: \"null\"\n");
  EXPECT_EQ(Fill("a: $X\n", {{"X", "one\ntwo\n"}}), "a: \"one\\ntwo\\n\"\n");
}

TEST(Interpolate, KeepsTheTypeOfAPlainValue) {
  EXPECT_EQ(Fill("port: ${X}\n", {{"X", "5432"}}), "port: 5432\n");
  EXPECT_EQ(Fill("delta: ${X}\n", {{"X", "-5"}}), "delta: -5\n");
  EXPECT_EQ(Fill("on: ${X}\n", {{"X", "true"}}), "on: true\n");
}

TEST(Interpolate, EscapesInsideQuotes) {
  EXPECT_EQ(Fill("a: \"x ${X} y\"\n", {{"X", "\"b\\\n"}}), "a: \"x \\\"b\\\\\\n y\"\n");
  EXPECT_EQ(Fill("a: 'x ${X} y'\n", {{"X", "it's"}}), "a: 'x it''s y'\n");
  EXPECT_EQ(Fill("a: '${X}'\n", {{"X", "1\n2"}}),
            "t.yaml:1:5: the variable X holds what a single-quoted text cannot (use double "
            "quotes)\n");
}

TEST(Interpolate, IndentsFurtherLinesInABlock) {
  EXPECT_EQ(Fill("a: |\n  k:\n    ${X}\nb: $X2\n", {{"X", "1: [\n2: \""}, {"X2", "z"}}),
            "a: |\n  k:\n    1: [\n    2: \"\nb: z\n");
  EXPECT_EQ(Fill("- a: >-\n    #${X}\n  b: '${X}'\n", {{"X", "y"}}), "- a: >-\n    #y\n  b: 'y'\n");
}

TEST(Interpolate, RefusesAValueThatWouldBreakThePlainTextAroundIt) {
  EXPECT_EQ(Fill("a: x-${X}\n", {{"X", "1 #2"}}),
            "t.yaml:1:6: the variable X holds characters that mean something else here (put the "
            "whole text in double quotes)\n");
  EXPECT_EQ(Fill("a: ${X}/path\n", {{"X", "s3://bucket"}}), "a: s3://bucket/path\n");
}

TEST(Interpolate, FollowsQuotesOverLines) {
  EXPECT_EQ(Fill("a: \"one\n  ${X} two\"\nb: it's $X\n", {{"X", "\""}}).substr(0, 23),
            "t.yaml:3:9: the variabl");
  EXPECT_EQ(Fill("a: \"one\n  ${X} two\"\n", {{"X", "\""}}), "a: \"one\n  \\\" two\"\n");
}

// Goal: a variable is one value, whatever it holds. Method: any text, put where a whole scalar
// stands, in quotes and in a flow mapping, comes back unchanged from the reader, and nothing beside
// it has changed. A value that reads as a number or as true may come back as that, with its text.
TEST(Interpolate, AValueStaysOneValue) {
  const bool held = rc::check([] {
    const auto letter = rc::gen::elementOf(std::string(" :#-'\"\\\n\t,[]{}|>&*!%@?$~=ab0.\x01"));
    const auto value = *rc::gen::container<std::string>(letter);
    for (const std::string text : {"a: ${X}\nz: 1\n", "a: \"${X}\"\nz: 1\n", "{a: ${X}, z: 1}\n",
                                   "{a: \"$X\", z: 1}\n", "z: 1\na: $X # why\n"}) {
      const std::string filled = Fill(text, {{"X", value}});
      Problems problems;
      const auto documents = ReadYaml("t", filled, problems);
      RC_LOG() << filled;
      RC_ASSERT(problems.empty());
      RC_ASSERT(documents->size() == 1u);
      RC_ASSERT(documents->front()->members.size() == 2u);
      RC_ASSERT(documents->front()->Find("a")->text == value);
      RC_ASSERT(documents->front()->Find("z")->text == "1");
    }
  });
  EXPECT_TRUE(held);
}

}  // namespace
}  // namespace weir::resources
