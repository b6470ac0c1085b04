#include "cli/complete.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weir::cli {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Command Tree() {
  return {
      .name = "weir",
      .flags = {{.name = "home", .value = "DIR", .completes = Completes::kDirectories}},
      .commands = {
          {.name = "get",
           .summary = "show",
           .arguments = {{.name = "KIND", .completes = Completes::kKinds},
                         {.name = "NAME", .repeated = true, .completes = Completes::kNames}},
           .flags =
               {{.name = "output", .letter = 'o', .value = "FORMAT", .choices = {"json", "yaml"}},
                {.name = "watch"}}},
          {.name = "apply",
           .flags = {{.name = "filename",
                      .letter = 'f',
                      .value = "FILE",
                      .completes = Completes::kFiles}}},
          {.name = "__secret", .hidden = true}}};
}

std::vector<std::string> TextsOf(const Completion& completion) {
  std::vector<std::string> texts;
  for (const Candidate& candidate : completion.candidates) texts.push_back(candidate.text);
  return texts;
}

Completion CompleteWords(const std::vector<std::string>& words) { return Complete(Tree(), words); }

TEST(Complete, OffersCommandsButNoHiddenOnes) {
  EXPECT_THAT(TextsOf(CompleteWords({""})), ElementsAre("get", "apply"));
  EXPECT_THAT(TextsOf(CompleteWords({"g"})), ElementsAre("get"));
  EXPECT_THAT(TextsOf(CompleteWords({"__"})), IsEmpty());
}

TEST(Complete, OffersFlagsOfTheCommandAndOfTheRoot) {
  EXPECT_THAT(TextsOf(CompleteWords({"get", "--"})),
              ElementsAre("--output", "--watch", "--home", "--help"));
  EXPECT_THAT(TextsOf(CompleteWords({"get", "--w"})), ElementsAre("--watch"));
}

TEST(Complete, OffersTheValuesOfAFlag) {
  EXPECT_THAT(TextsOf(CompleteWords({"get", "-o", ""})), ElementsAre("json", "yaml"));
  EXPECT_THAT(TextsOf(CompleteWords({"get", "--output", "y"})), ElementsAre("yaml"));
  const Completion joined = CompleteWords({"get", "--output=y"});
  EXPECT_THAT(TextsOf(joined), ElementsAre("yaml"));
  EXPECT_EQ(joined.prefix, "--output=");
  EXPECT_EQ(CompleteWords({"apply", "-f", ""}).what, Completes::kFiles);
  EXPECT_EQ(CompleteWords({"apply", "--home", ""}).what, Completes::kDirectories);
}

TEST(Complete, OffersKindsFirstAndThenNamesOfThatKind) {
  EXPECT_EQ(CompleteWords({"get", ""}).what, Completes::kKinds);
  const Completion names = CompleteWords({"get", "-o", "json", "secret", "db", ""});
  EXPECT_EQ(names.what, Completes::kNames);
  EXPECT_EQ(names.kind, "secret");
}

TEST(Complete, AfterTwoDashesNothingIsAFlag) {
  EXPECT_THAT(CompleteWords({"get", "--", "-"}).candidates, IsEmpty());
}

}  // namespace
}  // namespace weir::cli
