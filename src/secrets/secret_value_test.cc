#include "secrets/secret_value.h"

#include <gtest/gtest.h>

#include <sstream>
#include <type_traits>
#include <utility>

namespace weir::secrets {
namespace {

TEST(SecretValue, PrintsAsStarsWhoeverPrintsIt) {
  const SecretValue password("tiger");
  std::ostringstream stream;
  stream << password;
  EXPECT_EQ(stream.str(), "****");
  EXPECT_EQ(fmt::format("{} {:>6}", password, password), "****   ****");
  EXPECT_EQ(testing::PrintToString(password), "****");
}

TEST(SecretValue, ComparesByContent) {
  EXPECT_EQ(SecretValue("tiger"), SecretValue("tiger"));
  EXPECT_NE(SecretValue("tiger"), SecretValue("tigre"));
  EXPECT_NE(SecretValue("tiger"), SecretValue("tigers"));
  EXPECT_EQ(SecretValue(), SecretValue(""));
}

TEST(SecretValue, TakeLeavesNothingInTheString) {
  for (const std::string& clear : {std::string("short"), std::string(100, 'x')}) {
    std::string source = clear;
    const char* memory = source.data();
    const SecretValue taken = SecretValue::Take(source);
    EXPECT_EQ(taken.Reveal(), clear);
    EXPECT_TRUE(source.empty());
    // A cleared string keeps its buffer, so looking at it is allowed.
    source.resize(clear.size(), '\0');
    EXPECT_EQ(source.data(), memory);
    EXPECT_EQ(source.find(clear[0]), std::string::npos);
  }
}

TEST(SecretValue, MovesAndIsCopiedOnlyByName) {
  static_assert(!std::is_copy_constructible_v<SecretValue>);
  static_assert(!std::is_copy_assignable_v<SecretValue>);
  SecretValue first("tiger");
  SecretValue second = std::move(first);
  EXPECT_EQ(first.size(), 0U);  // NOLINT: what a move leaves behind is the question
  EXPECT_EQ(second.Copy(), second);
  SecretValue& same = second;
  second = std::move(same);
  EXPECT_EQ(second.Reveal(), "tiger");
}

TEST(SecretValue, KeepsZeroBytes) {
  const SecretValue binary(std::string_view("a\0b", 3));
  EXPECT_EQ(binary.size(), 3U);
  EXPECT_EQ(binary.Reveal(), std::string_view("a\0b", 3));
}

}  // namespace
}  // namespace weir::secrets
