#include "api/text_shape.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <regex>
#include <string>

namespace weir::api {
namespace {

// Goal: the function that decides and the pattern that clients are shown never differ. Method:
// texts made of the characters that matter to any of the shapes, checked by both.
RC_GTEST_PROP(TextShape, DecidesAsItsPatternSays, ()) {
  const auto text = *rc::gen::container<std::string>(
      rc::gen::elementOf(std::string("\"\"\"WW//,, *!~57.a\x7f\n")));
  for (const TextShape* shape : {&kVisible, &kEntityTags, &kEventId, &kPrintable}) {
    const std::regex pattern{std::string(shape->pattern), std::regex::ECMAScript};
    RC_ASSERT(shape->matches(text) == std::regex_match(text, pattern));
  }
}

TEST(TextShape, IsFoundByItsPattern) {
  EXPECT_EQ(ShapeOf(kEventId.pattern), &kEventId);
  EXPECT_EQ(ShapeOf("^x$"), nullptr);
}

TEST(TextShape, KnowsEntityTags) {
  for (const char* good : {"*", "\"\"", "\"3-ab\"", "W/\"3\"", "\"a\", W/\"b\",\"c,d\""}) {
    EXPECT_TRUE(kEntityTags.matches(good)) << good;
  }
  for (const char* bad : {"", "3", "\"", "\"a\" \"b\"", "\"a\",", "w/\"a\"", "* , \"a\""}) {
    EXPECT_FALSE(kEntityTags.matches(bad)) << bad;
  }
}

}  // namespace
}  // namespace weir::api
