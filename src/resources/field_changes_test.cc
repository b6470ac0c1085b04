#include "resources/field_changes.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace weir::resources {
namespace {

std::string Lines(std::string_view before, std::string_view after) {
  const auto old_value = boost::json::parse(before);
  const auto new_value = boost::json::parse(after);
  std::string lines;
  for (const FieldChange& change : CompareFields({old_value, old_value}, {new_value, new_value})) {
    lines += change.path + ": " +
             (change.before ? boost::json::serialize(*change.before) : "nothing") + " -> " +
             (change.after ? boost::json::serialize(*change.after) : "nothing") + "\n";
  }
  return lines;
}

TEST(FieldChanges, GoAsDeepAsBothSidesDo) {
  EXPECT_EQ(Lines(R"({"a": {"b": 1, "c": 2, "d": 3}})", R"({"a": {"b": 1, "c": 5, "e": [6]}})"),
            "a.c: 2 -> 5\na.d: 3 -> nothing\na.e: nothing -> [6]\n");
}

TEST(FieldChanges, StepIntoListsOfOneLengthAndShowOthersWhole) {
  EXPECT_EQ(Lines(R"({"l": [{"a": 1}, {"a": 2}]})", R"({"l": [{"a": 1}, {"a": 3}]})"),
            "l[1].a: 2 -> 3\n");
  EXPECT_EQ(Lines(R"({"l": [1, 2]})", R"({"l": [1]})"), "l: [1,2] -> [1]\n");
}

TEST(FieldChanges, DoNotMindTheOrderOfKeys) {
  EXPECT_EQ(Lines(R"({"a": 1, "b": 2})", R"({"b": 2, "a": 1})"), "");
}

TEST(FieldChanges, CompareWhatIsClearAndShowWhatIsHidden) {
  const auto hidden = boost::json::parse(R"({"p": "****"})");
  const auto tiger = boost::json::parse(R"({"p": "tiger"})");
  const auto lion = boost::json::parse(R"({"p": {"name": "lion"}})");
  const auto changes = CompareFields({tiger, hidden}, {lion, hidden});
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_EQ(changes[0].before, boost::json::value("****"));
  EXPECT_EQ(changes[0].after, boost::json::value("****"));
  EXPECT_TRUE(CompareFields({tiger, hidden}, {tiger, hidden}).empty());
}

}  // namespace
}  // namespace weir::resources
