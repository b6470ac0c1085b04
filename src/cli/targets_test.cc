#include "cli/targets.h"

#include <gtest/gtest.h>

#include "base/testing/matchers.h"
#include "cli/arguments.h"

namespace weir::cli {
namespace {

Arguments Typed(const std::vector<std::pair<std::string, std::string>>& given) {
  Arguments arguments;
  arguments.SetFallback("workspace", "public");
  for (const auto& [name, value] : given) arguments.Add(name, value);
  return arguments;
}

std::string Read(const std::vector<std::pair<std::string, std::string>>& given) {
  const auto targets = TargetsOf(Typed(given));
  if (!targets) return "error: " + targets.error().message;
  std::string text;
  for (const Target& target : *targets) {
    text += target.type + " " + target.name + " " + target.workspace + ";";
  }
  return text;
}

TEST(Targets, AreNamedInManyWays) {
  EXPECT_EQ(Read({{"KIND", "secret"}, {"NAME", "a"}, {"NAME", "b"}}),
            "secret a public;secret b public;");
  EXPECT_EQ(Read({{"KIND", "secrets"}, {"NAME", "a"}, {"workspace", "team"}}), "secret a team;");
  EXPECT_EQ(Read({{"KIND", "secret/a"}}), "secret a public;");
  EXPECT_EQ(Read({{"KIND", "secret/a"}, {"NAME", "bundle/b"}}), "secret a public;bundle b public;");
  EXPECT_EQ(Read({{"KIND", "secret:v1:a:team"}}), "secret a team;");
  EXPECT_EQ(Read({{"KIND", "a | v1 | secret | team"}}), "secret a team;");
  EXPECT_EQ(Read({{"type", "secret"}, {"name", "a"}}), "secret a public;");
  EXPECT_EQ(Read({{"type", "secret"}, {"KIND", "a"}, {"NAME", "b"}}),
            "secret a public;secret b public;");
  EXPECT_EQ(Read({{"KIND", "secret"}, {"name", "a"}}), "secret a public;");
}

TEST(Targets, MustBeNamed) {
  EXPECT_EQ(Read({}), "error: which resource is meant?");
  EXPECT_EQ(Read({{"KIND", "secret"}}), "error: which resource is meant?");
  EXPECT_EQ(Read({{"name", "a"}}), "error: a is a name without a kind");
}

TEST(KindOf, UnderstandsPlurals) {
  EXPECT_EQ(KindOf("secrets"), "secret");
  EXPECT_EQ(KindOf("policies"), "policy");
  EXPECT_EQ(KindOf("lens"), "lens");
  EXPECT_EQ(KindOf("secret"), "secret");
  EXPECT_EQ(KindOf("all"), "");
}

TEST(Target, EscapesWhatItsPathHolds) {
  EXPECT_EQ((Target{"secret", "public", "a/b ?"}.Path("/history")),
            "/api/resources/secret/a%2Fb%20%3F/history");
}

}  // namespace
}  // namespace weir::cli
