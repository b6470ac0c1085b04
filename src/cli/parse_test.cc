#include "cli/parse.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/matchers.h"

namespace weir::cli {
namespace {

using testing::ElementsAre;

Result<ExitCode> Nothing(const Arguments&, Session&) { return ExitCode::kOk; }

const Command& Tree() {
  static const Command tree{
      .name = "weir",
      .flags = {{.name = "home", .value = "DIR", .fallback = ".weir", .environment = "WEIR_HOME"}},
      .commands = {{.name = "get",
                    .arguments = {{.name = "KIND"}, {.name = "NAME", .repeated = true}},
                    .flags = {{.name = "watch", .letter = 'w'},
                              {.name = "file", .letter = 'f', .value = "FILE", .repeated = true},
                              {.name = "output",
                               .letter = 'o',
                               .value = "FORMAT",
                               .fallback = "table",
                               .choices = {"table", "json"}}},
                    .run = Nothing},
                   {.name = "backup",
                    .commands = {{.name = "create",
                                  .arguments = {{.name = "TARGET", .required = true}},
                                  .run = Nothing}}},
                   {.name = "__hidden",
                    .arguments = {{.name = "WORD", .repeated = true}},
                    .run = Nothing,
                    .takes_flags = false,
                    .hidden = true}}};
  return tree;
}

Result<Parsed> ParseWords(std::vector<std::string> words,
                          const std::map<std::string, std::string, std::less<>>& variables = {}) {
  return Parse(Tree(), words, [&](std::string_view name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  });
}

TEST(Parse, FindsTheCommandAndItsArguments) {
  const auto parsed = ParseWords({"get", "secret", "a", "b"});
  ASSERT_TRUE(IsOk(parsed));
  EXPECT_EQ(parsed->command().name, "get");
  EXPECT_EQ(parsed->arguments.Text("KIND"), "secret");
  EXPECT_THAT(parsed->arguments.All("NAME"), ElementsAre("a", "b"));
}

TEST(Parse, AWordThatIsACommandElsewhereIsAnArgument) {
  const auto parsed = ParseWords({"get", "secret", "backup", "get"});
  ASSERT_TRUE(IsOk(parsed));
  EXPECT_THAT(parsed->arguments.All("NAME"), ElementsAre("backup", "get"));
}

TEST(Parse, TakesValuesAsGnuProgramsDo) {
  for (const std::vector<std::string>& words : {std::vector<std::string>{"get", "--file", "x"},
                                                {"get", "--file=x"},
                                                {"get", "-fx"},
                                                {"get", "-f", "x"},
                                                {"get", "-f=x"},
                                                {"get", "-wfx"},
                                                {"get", "-wf", "x"}}) {
    const auto parsed = ParseWords(words);
    ASSERT_TRUE(IsOk(parsed)) << words.back();
    EXPECT_EQ(parsed->arguments.Text("file"), "x");
  }
  EXPECT_EQ(ParseWords({"get", "--file=a=b"})->arguments.Text("file"), "a=b");
  EXPECT_EQ(ParseWords({"get", "-f", "-"})->arguments.Text("file"), "-");
  EXPECT_THAT(ParseWords({"get", "-f", "a", "-f", "b"})->arguments.All("file"),
              ElementsAre("a", "b"));
}

TEST(Parse, TwoDashesEndTheFlags) {
  const auto parsed = ParseWords({"get", "-w", "--", "--watch", "-x"});
  ASSERT_TRUE(IsOk(parsed));
  EXPECT_EQ(parsed->arguments.Text("KIND"), "--watch");
  EXPECT_EQ(parsed->arguments.Text("NAME"), "-x");
}

TEST(Parse, ACommandMayTakeEveryWordAsItIs) {
  const auto parsed = ParseWords({"__hidden", "get", "--wat", "-x", "--help"});
  ASSERT_TRUE(IsOk(parsed));
  EXPECT_FALSE(parsed->help);
  EXPECT_THAT(parsed->arguments.All("WORD"), ElementsAre("get", "--wat", "-x", "--help"));
}

TEST(Parse, FlagsOfTheRootStandBeforeAndAfterTheCommand) {
  EXPECT_EQ(ParseWords({"--home", "a", "get"})->arguments.Text("home"), "a");
  EXPECT_EQ(ParseWords({"get", "--home", "a"})->arguments.Text("home"), "a");
}

TEST(Parse, AFlagBeatsItsVariableAndThatItsFallback) {
  EXPECT_EQ(ParseWords({"get"})->arguments.Text("home"), ".weir");
  EXPECT_FALSE(ParseWords({"get"})->arguments.Has("home"));
  EXPECT_EQ(ParseWords({"get"}, {{"WEIR_HOME", "v"}})->arguments.Text("home"), "v");
  EXPECT_EQ(ParseWords({"get"}, {{"WEIR_HOME", ""}})->arguments.Text("home"), ".weir");
  EXPECT_EQ(ParseWords({"get", "--home", "f"}, {{"WEIR_HOME", "v"}})->arguments.Text("home"), "f");
}

TEST(Parse, HelpIsSeenAnywhereAndAsksForNothingElse) {
  EXPECT_TRUE(ParseWords({"--help"})->help);
  EXPECT_TRUE(ParseWords({"backup", "create", "-h"})->help);
  EXPECT_TRUE(ParseWords({"backup"})->help) << "a group alone";
  EXPECT_FALSE(ParseWords({"get", "--", "--help"})->help);
}

struct Refused {
  std::vector<std::string> words;
  std::string message;
  std::string hint;
};

TEST(Parse, SaysWhatIsWrongAndWhatWasMeant) {
  const std::vector<Refused> cases = {
      {{"gte"}, "weir has no command \"gte\"", "did you mean \"weir get\"?"},
      {{"frobnicate"}, "weir has no command \"frobnicate\"", "\"weir --help\" lists them"},
      {{"__hiden"}, "weir has no command \"__hiden\"", "\"weir --help\" lists them"},
      {{"backup", "craete", "x"},
       "weir backup has no command \"craete\"",
       "did you mean \"weir backup create\"?"},
      {{"get", "--wach"}, "weir get has no flag --wach", "did you mean --watch?"},
      {{"get", "--hoem", "x"}, "weir get has no flag --hoem", "did you mean --home?"},
      {{"get", "-x"}, "weir get has no flag -x", "\"weir get --help\" lists them"},
      {{"get", "--watch=yes"}, "--watch takes no value", ""},
      {{"get", "--file"}, "--file needs a value, FILE", ""},
      {{"get", "-o", "jsn"}, "--output is one of table, json, not \"jsn\"", "did you mean json?"},
      {{"get", "-o", "json", "-o", "table"}, "--output is given twice", ""},
      {{"backup", "create"}, "weir backup create needs TARGET: ", ""},
      {{"backup", "create", "a", "b"},
       "weir backup create takes no further word, but was given \"b\"",
       ""},
  };
  for (const Refused& one : cases) {
    const auto parsed = ParseWords(one.words);
    ASSERT_EQ(CodeOf(parsed), ErrorCode::kInvalid) << one.message;
    EXPECT_EQ(parsed.error().message, one.message);
    if (!one.hint.empty()) {
      EXPECT_EQ(parsed.error().hint, one.hint);
    }
  }
}

}  // namespace
}  // namespace weir::cli
