#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json_reader.h"
#include "base/testing/matchers.h"
#include "contracts/check_json.h"

namespace weir::contracts {
namespace {

Result<Check> Read(std::string_view text) {
  return CheckFromJson(ParseJson(text).value().as_object());
}

std::string ErrorOf(std::string_view text) {
  const auto check = Read(text);
  return check ? "no error" : check.error().message;
}

TEST(CheckFromJson, ReadsEveryKindAndWritesItAgain) {
  for (const char* text : {
           R"({"notNull":["id","name"]})",
           R"({"unique":["id"],"onFail":"quarantine"})",
           R"({"name":"state","acceptedValues":{"column":"s","values":["a",1,true]}})",
           R"({"range":{"column":"v","min":0,"max":"9"},"onFail":"warn"})",
           R"({"matches":{"column":"v","pattern":"[a-z]+"}})",
           R"({"rowCount":{"of":"batch","min":1,"max":2}})",
           R"({"freshness":{"maxAge":"2d"}})",
           R"({"references":{"column":"c","dataset":"d","key":"k"}})",
           R"j({"sql":{"query":"SELECT * FROM this JOIN d USING (id)","reads":["d"]}})j",
       }) {
    SCOPED_TRACE(text);
    const auto check = Read(text);
    ASSERT_TRUE(IsOk(check));
    EXPECT_EQ(boost::json::value(ToJson(*check)), ParseJson(text).value());
  }
}

TEST(CheckFromJson, CallsACheckAfterItsRule) {
  EXPECT_EQ(Read(R"({"notNull":["id","name"]})")->name, "notNull(id, name)");
  EXPECT_EQ(Read(R"({"rowCount":{"min":1}})")->name, "rowCount");
  EXPECT_EQ(Read(R"({"name":"x","rowCount":{"min":1}})")->name, "x");
}

TEST(CheckFromJson, SaysWhatIsWrongWithACheck) {
  EXPECT_EQ(ErrorOf(R"({"name":"x"})"), "it has no rule");
  EXPECT_EQ(ErrorOf(R"({"notNull":["a"],"unique":["a"]})"), "it has two rules, notNull and unique");
  EXPECT_EQ(ErrorOf(R"({"notNull":[]})"), "notNull: it names no column");
  EXPECT_EQ(ErrorOf(R"({"unique":["a","a"]})"), "unique: a is named twice");
  EXPECT_EQ(ErrorOf(R"({"range":{"column":"v"}})"), "range: it needs min, max or both");
  EXPECT_EQ(ErrorOf(R"({"range":{"column":"v","min":2,"max":1}})"),
            "range: nothing lies between min and max: min is the larger one");
  EXPECT_EQ(ErrorOf(R"({"acceptedValues":{"column":"v","values":[]}})"),
            "acceptedValues: it accepts no value");
  EXPECT_EQ(ErrorOf(R"({"freshness":{"maxAge":"soon"}})"), "freshness: soon is no age");
  EXPECT_EQ(ErrorOf(R"({"rowCount":{"min":1},"onFail":"quarantine"})"),
            "rowCount fails for the batch as a whole: there are no rows to put in quarantine");
  EXPECT_EQ(ErrorOf(R"({"notNull":["a"],"onFail":"explode"})"),
            "onFail is refuse, quarantine or warn");
}

TEST(CheckFromJson, RefusesSqlThatReadsMoreThanItMay) {
  EXPECT_THAT(ErrorOf(R"j({"sql":{"query":"SELECT * FROM secrets"}})j"),
              testing::HasSubstr("there is no table secrets here"));
  EXPECT_THAT(ErrorOf(R"j({"sql":{"query":"SELECT * FROM read_csv('/etc/passwd')"}})j"),
              testing::HasSubstr("may not be called here"));
  EXPECT_THAT(ErrorOf(R"j({"sql":{"query":"DELETE FROM this"}})j"),
              testing::HasSubstr("one SELECT was expected"));
}

TEST(ContractFromJson, RefusesTwoChecksOfOneName) {
  const auto contract =
      ContractFromJson(ParseJson(R"([{"notNull":["a"]},{"notNull":["a"]}])").value().as_array());
  ASSERT_FALSE(contract);
  EXPECT_EQ(contract.error().message, "checks[1]: another check is called notNull(a) too");
}

TEST(CheckPatterns, NamesTheCheckWithABadPattern) {
  EXPECT_TRUE(IsOk(CheckPatterns({*Read(R"({"matches":{"column":"v","pattern":"[a-z]+$"}})")})));
  const Status bad = CheckPatterns({*Read(R"({"matches":{"column":"v","pattern":"[a-z"}})")});
  ASSERT_FALSE(bad);
  EXPECT_THAT(bad.error().message,
              testing::HasSubstr("check matches(v): [a-z is no regular expression"));
}

}  // namespace
}  // namespace weir::contracts
