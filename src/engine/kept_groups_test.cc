#include "engine/kept_groups.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>

namespace weir::engine {
namespace {

std::map<std::string, std::string> AllOf(const KeptGroups& groups) {
  std::map<std::string, std::string> all;
  groups.VisitAll([&](std::string_view key, std::string_view state) {
    EXPECT_TRUE(all.emplace(key, state).second);
  });
  return all;
}

TEST(KeptGroups, FindNothingWhereNothingIs) {
  KeptGroups groups;
  EXPECT_FALSE(groups.Find("a"));
  groups.Erase("a");
  EXPECT_EQ(groups.size(), 0U);
}

TEST(KeptGroups, HoldEmptyKeysAndStates) {
  KeptGroups groups;
  groups.Put("", "");
  EXPECT_EQ(groups.Find(""), "");
  groups.Put("", "more");
  EXPECT_EQ(groups.Find(""), "more");
  EXPECT_EQ(groups.size(), 1U);
}

TEST(KeptGroups, AreWhatAMapIs) {
  std::mt19937 random(7);
  KeptGroups groups;
  std::map<std::string, std::string> model;
  for (int i = 0; i < 60'000; ++i) {
    const std::string key = "key " + std::to_string(random() % 3000);
    if (random() % 3 == 0) {
      groups.Erase(key);
      model.erase(key);
    } else {
      const std::string state(random() % 200, static_cast<char>('a' + random() % 26));
      groups.Put(key, state);
      model[key] = state;
    }
    const std::string other = "key " + std::to_string(random() % 3000);
    const auto expected = model.find(other);
    const auto found = groups.Find(other);
    ASSERT_EQ(found.has_value(), expected != model.end());
    if (found) {
      ASSERT_EQ(*found, expected->second);
    }
  }
  EXPECT_EQ(groups.size(), model.size());
  EXPECT_EQ(AllOf(groups), model);
  EXPECT_LT(groups.bytes(), 6U << 20);  // what was replaced does not pile up
}

}  // namespace
}  // namespace weir::engine
