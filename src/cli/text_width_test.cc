#include "cli/text_width.h"

#include <gtest/gtest.h>

namespace weir::cli {
namespace {

TEST(WidthOf, CountsColumnsAndNotBytes) {
  EXPECT_EQ(WidthOf("abc"), 3U);
  EXPECT_EQ(WidthOf("Zürich"), 6U);
  EXPECT_EQ(WidthOf("日本"), 4U);
  EXPECT_EQ(WidthOf("e\u0301"), 1U) << "a combining accent";
  EXPECT_EQ(WidthOf(""), 0U);
}

TEST(Printable, LetsNothingSteerTheTerminal) {
  EXPECT_EQ(Printable("a\nb\tc"), "a b c");
  EXPECT_EQ(Printable("\x1b[31mred"), "\uFFFD[31mred");
  EXPECT_EQ(Printable("\xff\xfe"), "\uFFFD\uFFFD");
  EXPECT_EQ(Printable("\u202egnp.exe"), "\uFFFDgnp.exe") << "right to left";
  EXPECT_EQ(Printable("日本"), "日本");
}

TEST(Wrap, BreaksAtSpacesAndIndentsWhatFollows) {
  EXPECT_EQ(Wrap("one two three four", 9, ""), "one two\nthree\nfour");
  EXPECT_EQ(Wrap("one two three", 9, "  "), "one two\n  three");
  EXPECT_EQ(Wrap("unbreakable", 4, ""), "unbreakable");
  EXPECT_EQ(Wrap("", 4, ""), "");
}

TEST(WrapParagraphs, KeepsParagraphsApartAndListsAsTheyAre) {
  EXPECT_EQ(WrapParagraphs("one\ntwo\n\nthree\n  - four\n", 80), "one two\n\nthree\n  - four");
}

}  // namespace
}  // namespace weir::cli
