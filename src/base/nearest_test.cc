#include "base/nearest.h"

#include <gtest/gtest.h>

#include <string>

namespace weir {
namespace {

TEST(Nearest, FindsTheWordATypoWasMeantToBe) {
  const std::vector<std::string_view> known = {"apply", "delete", "describe", "diff"};
  EXPECT_EQ(Nearest("aplpy", known), "apply");
  EXPECT_EQ(Nearest("DELET", known), "delete");
  EXPECT_EQ(Nearest("descripe", known), "describe");
}

TEST(Nearest, OffersNothingForAWordFromElsewhere) {
  EXPECT_EQ(Nearest("frobnicate", {"apply", "delete"}), std::nullopt);
  EXPECT_EQ(Nearest("", {"apply"}), std::nullopt);
  EXPECT_EQ(Nearest(std::string(100'000, 'a'), {"apply"}), std::nullopt);
}

TEST(Nearest, PrefersTheFirstOfEquals) { EXPECT_EQ(Nearest("cat", {"bat", "hat"}), "bat"); }

}  // namespace
}  // namespace weir
