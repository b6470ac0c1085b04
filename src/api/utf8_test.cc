#include "api/utf8.h"

#include <gtest/gtest.h>

#include <string_view>

namespace weir::api {
namespace {

TEST(Utf8, KnowsEveryLength) {
  for (const std::string_view good :
       {"", "a", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xef\xbf\xbf",
        "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(IsUtf8(good));
  }
}

TEST(Utf8, RefusesOverlongSurrogatesStrayBytesAndWhatIsCutOff) {
  for (const std::string_view bad :
       {"\x80", "\xff", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
        "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xc3", "\xe2\x82", "\xc3x"}) {
    EXPECT_FALSE(IsUtf8(bad));
  }
}

TEST(OnlyUtf8, PutsAnotherCharacterInPlaceOfBytesThatAreNone) {
  EXPECT_EQ(OnlyUtf8("a\u00e4\u20ac"), "a\u00e4\u20ac");
  EXPECT_EQ(OnlyUtf8("a\xff\xc3"), "a\uFFFD\uFFFD");
  EXPECT_TRUE(IsUtf8(OnlyUtf8("\xed\xa0\x80\xf4\x90\x80\x80\xe2\x82")));
}

}  // namespace
}  // namespace weir::api
