#include "api/etag.h"

#include <gtest/gtest.h>

namespace weir::api {
namespace {

TEST(EntityTag, ChangesWithVersionAndWithWhatIsShown) {
  const std::string tag = EntityTagOf(3, "content");
  EXPECT_EQ(tag, EntityTagOf(3, "content"));
  EXPECT_NE(tag, EntityTagOf(4, "content"));
  EXPECT_NE(tag, EntityTagOf(3, "other"));
  EXPECT_TRUE(tag.starts_with("\"3-"));
}

TEST(EntityTag, IsNamedByAListThatHoldsItWeakOrNot) {
  const std::string tag = EntityTagOf(3, "content");
  EXPECT_TRUE(NamesEntityTag("*", tag));
  EXPECT_TRUE(NamesEntityTag(tag, tag));
  EXPECT_TRUE(NamesEntityTag("W/" + tag, tag));
  EXPECT_TRUE(NamesEntityTag("\"a,b\", " + tag, tag));
  EXPECT_FALSE(NamesEntityTag("\"3\"", tag));
  EXPECT_FALSE(NamesEntityTag("", tag));
  EXPECT_FALSE(NamesEntityTag(tag.substr(0, tag.size() - 1), tag));
}

TEST(EntityTag, IfMatchComparesTheVersionAndNoWeakTag) {
  const std::string tag = EntityTagOf(3, "content");
  EXPECT_TRUE(NamesVersion("*", 3));
  EXPECT_TRUE(NamesVersion(tag, 3));
  EXPECT_TRUE(NamesVersion(EntityTagOf(3, "the status has moved"), 3));
  EXPECT_TRUE(NamesVersion("\"2-x\", " + tag, 3));
  EXPECT_FALSE(NamesVersion("W/" + tag, 3));
  EXPECT_FALSE(NamesVersion(tag, 33));
  EXPECT_FALSE(NamesVersion("\"33-x\"", 3));
}

}  // namespace
}  // namespace weir::api
