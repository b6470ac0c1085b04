#include "slices/text_bound.h"

#include <gtest/gtest.h>

#include <span>
#include <string>

#include "base/rng.h"

namespace weir::slices {
namespace {

std::string Repeat(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

TEST(TextBound, OfAShortTextIsTheText) {
  EXPECT_EQ(LowerTextBound("añb"), "añb");
  EXPECT_EQ(UpperTextBound("añb"), "añb");
  EXPECT_EQ(UpperTextBound(""), "");
}

TEST(TextBound, OfALongTextIsCutBetweenCodePointsAndRaised) {
  const std::string text = Repeat("é", 40);  // 80 bytes
  EXPECT_EQ(LowerTextBound(text), Repeat("é", 32));
  EXPECT_EQ(UpperTextBound(text), Repeat("é", 31) + "ê");
  EXPECT_EQ(UpperTextBound("a" + text), "a" + Repeat("é", 30) + "ê");
}

TEST(TextBound, RaisesTheLastCodePointThatCanBe) {
  const std::string last = "\xF4\x8F\xBF\xBF";
  EXPECT_EQ(UpperTextBound("a" + Repeat(last, 20)), "b");
  EXPECT_EQ(UpperTextBound(Repeat(last, 20)), std::nullopt);
  const std::string before_surrogates = "\xED\x9F\xBF";
  EXPECT_EQ(UpperTextBound(Repeat(before_surrogates, 30)),
            Repeat(before_surrogates, 20) + "\xEE\x80\x80");
}

TEST(TextBound, HoldsForAnyBytes) {
  const auto rng = SeededRng(7);
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes(rng->Below(80), '\0');
    rng->Fill(std::as_writable_bytes(std::span(bytes)));
    const std::string text = Repeat(bytes, 6);
    const std::string lower = LowerTextBound(text);
    ASSERT_LE(lower, text);
    ASSERT_LE(lower.size(), kMostBoundBytes);
    const auto upper = UpperTextBound(text);
    if (!upper) continue;
    ASSERT_GE(*upper, text);
    ASSERT_LE(upper->size(), kMostBoundBytes + 1);
  }
}

}  // namespace
}  // namespace weir::slices
