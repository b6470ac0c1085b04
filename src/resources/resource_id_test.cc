#include "resources/resource_id.h"

#include <gtest/gtest.h>

#include "base/testing/matchers.h"
#include "resources/name_rule.h"

namespace weir::resources {
namespace {

std::string Read(std::string_view text) {
  const auto written = ParseResourceId(text);
  if (!written) return written.error().message;
  return written->id.type + "," + written->id.workspace + "," + written->id.name + "," +
         written->api_version;
}

TEST(ResourceId, ReadsEveryFormThatPeopleWrite) {
  EXPECT_EQ(Read("secret:v1:db:public"), "secret,public,db,v1");
  EXPECT_EQ(Read("depot:v2alpha:lake"), "depot,,lake,v2alpha");
  EXPECT_EQ(Read("db | v1 | secret | public"), "secret,public,db,v1");
  EXPECT_EQ(Read("db|v1|secret"), "secret,,db,v1");
  EXPECT_EQ(Read("secret/db"), "secret,,db,");
}

TEST(ResourceId, RefusesWhatIsNone) {
  for (const char* text : {"", "secret", "a:b", "a:b:c:d:e", "a|b", "/x", "x/", "a/b/c", ":v1:"}) {
    EXPECT_EQ(Read(text), std::string(text) + " is no resource id");
  }
}

TEST(ResourceId, IsWrittenAsItIsRead) {
  EXPECT_EQ(FormatResourceId({"secret", "public", "db"}, "v1"), "secret:v1:db:public");
  EXPECT_EQ(FormatResourceId({"depot", "", "lake"}, "v1"), "depot:v1:lake");
  EXPECT_EQ((ResourceId{"secret", "public", "db"}).ToString(), "secret db in workspace public");
}

TEST(NameRule, TakesDataOsNames) {
  for (const char* name : {"a", "0", "a-b", "a--b", "a1-2"}) {
    EXPECT_TRUE(kHyphenatedName.Allows(name)) << name;
  }
  for (const char* name : {"", "-a", "a-", "A", "a_b", "a.b", "a b", "\xC3\xA9"}) {
    EXPECT_FALSE(kHyphenatedName.Allows(name)) << name;
  }
  EXPECT_TRUE(kHyphenatedName.Allows(std::string(48, 'a')));
  EXPECT_FALSE(kHyphenatedName.Allows(std::string(49, 'a')));
  EXPECT_TRUE(kPlainName.Allows("lake01"));
  EXPECT_FALSE(kPlainName.Allows("my-lake"));
  EXPECT_FALSE(kPlainName.Allows("1lake"));
}

}  // namespace
}  // namespace weir::resources
