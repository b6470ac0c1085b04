#include "resources/yaml_reader.h"

#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>
#include <chrono>

namespace weir::resources {
namespace {

// The documents as JSON, one a line; or the problem.
std::string Read(std::string_view text, const YamlLimits& limits = {}) {
  Problems problems;
  const auto documents = ReadYaml("t", text, problems, limits);
  if (!documents) {
    EXPECT_EQ(problems.total(), 1u);
    return problems.items().front().ToString();
  }
  EXPECT_TRUE(problems.empty());
  std::string lines;
  for (const auto& document : *documents) {
    lines += boost::json::serialize(ToJson(*document)) + "\n";
  }
  return lines;
}

TEST(YamlReader, GivesPlainScalarsTheTypesOfTheCoreSchema) {
  EXPECT_EQ(Read("[1, -2, +3, 0x1F, 0o17, 1.5, 1e3, .5, true, FALSE, null, ~, ]"),
            "[1,-2,3,31,15,1.5E0,1E3,5E-1,true,false,null,null]\n");
}

TEST(YamlReader, LeavesOldYamlsSurprisesAsText) {
  EXPECT_EQ(Read("[no, yes, on, off, 2001-01-01, 12:30:45, .inf, 1_000, 0b1]"),
            "[\"no\",\"yes\",\"on\",\"off\",\"2001-01-01\",\"12:30:45\",\".inf\",\"1_000\","
            "\"0b1\"]\n");
}

TEST(YamlReader, TakesWhatNoNumberHoldsAsText) {
  EXPECT_EQ(Read("[993e99999999, -1e999, 0o7777777777777777777777777]"),
            "[\"993e99999999\",\"-1e999\",\"0o7777777777777777777777777\"]\n");
  EXPECT_EQ(Read("[" + std::string(400, '9') + "]"), "[\"" + std::string(400, '9') + "\"]\n");
}

TEST(YamlReader, TakesQuotedScalarsAsText) {
  EXPECT_EQ(Read("['1', \"true\", '', !!str 7, ! 8]"), "[\"1\",\"true\",\"\",\"7\",\"8\"]\n");
}

TEST(YamlReader, KeepsNumbersThatFitNoSignedInteger) {
  EXPECT_EQ(Read("[9223372036854775808, 36893488147419103232]"),
            "[9223372036854775808,3.6893488147419103E19]\n");
}

TEST(YamlReader, ReadsSeveralDocumentsAndSkipsEmptyOnes) {
  EXPECT_EQ(Read("a: 1\n---\n---\n# nothing\n---\nb: 2\n...\n"), "{\"a\":1}\n{\"b\":2}\n");
}

TEST(YamlReader, ReadsFilesAsEditorsOnWindowsWriteThem) {
  EXPECT_EQ(Read("\xEF\xBB\xBF"
                 "a: 1\r\nb: |\r\n  x\r\n  y\r\n"),
            "{\"a\":1,\"b\":\"x\\ny\\n\"}\n");
  EXPECT_EQ(Read("\xFF\xFE\x61\x00"), "t:1:1: YAML: invalid leading UTF-8 octet (byte 0)");
}

TEST(YamlReader, RefusesTagsThatDoNotFit) {
  EXPECT_EQ(Read("!!map {a: !!seq [1]}"), "{\"a\":[1]}\n");
  EXPECT_EQ(Read("!!int x"),
            "t:1:1: the tag tag:yaml.org,2002:int does not fit here (leave the tag "
            "out)");
  EXPECT_EQ(Read("!!str [x]"),
            "t:1:1: the tag tag:yaml.org,2002:str does not fit here (leave the "
            "tag out)");
}

TEST(YamlReader, ReadsJson) {
  EXPECT_EQ(Read("{\"a\": [1, \"x\\u00e9\"], \"b\": null}"),
            "{\"a\":[1,\"x\xC3\xA9\"],\"b\":null}\n");
}

TEST(YamlReader, TakesKeysAsTheyAreWritten) {
  EXPECT_EQ(Read("no: 1\n3: 2\nnull: 3\n\"\": 4\n"), "{\"no\":1,\"3\":2,\"null\":3,\"\":4}\n");
}

TEST(YamlReader, CopiesWhatAliasesMean) {
  EXPECT_EQ(Read("a: &x {k: [1]}\nb: *x\nc: &y s\n*y : t\n"),
            "{\"a\":{\"k\":[1]},\"b\":{\"k\":[1]},\"c\":\"s\",\"s\":\"t\"}\n");
}

TEST(YamlReader, MergesKeysWithoutOverridingWhatIsWritten) {
  EXPECT_EQ(
      Read("base: &b {x: 1, y: 2}\nmore: &m {z: 3, y: 9}\nall:\n  <<: [*b, *m]\n  x: 7\n"),
      "{\"base\":{\"x\":1,\"y\":2},\"more\":{\"z\":3,\"y\":9},\"all\":{\"x\":7,\"y\":2,\"z\":3}"
      "}\n");
}

TEST(YamlReader, RefusesAMergeOfWhatIsNoMapping) {
  EXPECT_EQ(Read("<<: 5\n"), "t:1:5: << takes a mapping, or a list of mappings");
}

TEST(YamlReader, RefusesAnAnchorInsideWhatItMeans) {
  EXPECT_EQ(Read("a: &x [*x]\n"), "t:1:8: there is no anchor &x before this");
}

TEST(YamlReader, RefusesKeysThatAreNoText) {
  EXPECT_EQ(Read("? [a]\n: b\n"), "t:1:3: a key must be text");
  EXPECT_EQ(Read("?\n: b\n"), "t:1:2: a key is missing before the colon");
}

TEST(YamlReader, RefusesABombOfAliasesBeforeItGrows) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int level = 1; level <= 9; ++level) {
    const std::string below = "*a" + std::to_string(level - 1);
    bomb += "a" + std::to_string(level) + ": &a" + std::to_string(level) + " [" + below;
    for (int item = 0; item < 9; ++item) bomb += ", " + below;
    bomb += "]\n";
  }
  EXPECT_EQ(Read(bomb),
            "t:5:40: aliases would make more than 100000 values (write out what is meant)");
}

TEST(YamlReader, RefusesDepthThatAliasesMake) {
  std::string text = "a0: &a0 [x]\n";
  for (int level = 1; level <= 70; ++level) {
    const std::string number = std::to_string(level);
    text += "a" + number + ": &a" + number + " [*a" + std::to_string(level - 1) + "]\n";
  }
  EXPECT_EQ(Read(text), "t:64:12: nested deeper than 64 levels");
}

// Goal: ten megabytes of nesting cost no more than looking at their beginning. Method: every way to
// nest, each with a clock; a recursive or quadratic reader takes minutes or the stack.
TEST(YamlReader, RefusesTenMegabytesOfNestingAtOnce) {
  const std::pair<std::string, std::string> kinds[] = {
      {"[", "t:1:65: nested deeper than 64 levels"},
      {"{a: ", "t:1:257: nested deeper than 64 levels"},
      {"- ", "t:1:129: nested deeper than 64 levels"},
      {"[{a: ", "t:1:161: nested deeper than 64 levels"},
      {"? ", "t:1:3: a key must be text"},
  };
  for (const auto& [unit, problem] : kinds) {
    SCOPED_TRACE(unit);
    std::string text;
    while (text.size() < 10'000'000) text += unit;
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(Read(text), problem);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
  }
}

TEST(YamlReader, RefusesTextsAndTreesBeyondItsLimits) {
  EXPECT_EQ(Read(std::string(2 << 20, ' '), {.max_bytes = 1 << 20}),
            "t: the text is longer than 1 MiB (split it into several files)");
  EXPECT_EQ(Read("[1, 2, 3, 4, 5]", {.max_nodes = 5}),
            "t:1:14: the text holds more than 5 values (split it into several files)");
}

TEST(YamlReader, TellsWhereEveryValueStands) {
  Problems problems;
  const auto documents = ReadYaml("t", "a:\n  - b: \xC3\xA9\n    c: 2\n", problems);
  ASSERT_TRUE(documents);
  const YamlNode& item = documents->front()->Find("a")->items.at(0);
  EXPECT_EQ(item.line, 2);
  EXPECT_EQ(item.column, 5);
  EXPECT_EQ(item.FindMember("c")->line, 3);
  EXPECT_EQ(item.FindMember("c")->column, 5);
  EXPECT_EQ(item.Find("c")->column, 8);
}

}  // namespace
}  // namespace weir::resources
