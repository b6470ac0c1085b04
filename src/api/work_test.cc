#include "api/work.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "base/stream.h"
#include "base/testing/matchers.h"

namespace weir::api {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::MatchesRegex;

// What a client that accepts `accepts` is answered.
Outcome Answered(const std::string& accepts, Work work) {
  const Context context = Context::Background().WithTimeout(10s);
  const Request request{.path = "/api/work", .headers = {{"Accept", accepts}}};
  return DoWork({.context = context, .request = request}, std::move(work));
}

std::string LinesOf(Outcome outcome) {
  auto& source = std::get<std::unique_ptr<ByteSource>>(outcome.response().body);
  return ReadAll(*source, 1 << 20).value();
}

Result<boost::json::object> Done(const Context& /*context*/, const Report& report) {
  report({{"done", 1}});
  return boost::json::object{{"all", 7}};
}

TEST(Work, IsAnsweredWithItsResult) {
  Outcome outcome = Answered("application/json", Done);
  EXPECT_EQ(std::get<std::string>(outcome.response().body), R"({"all":7})");
}

TEST(Work, ThatFailsIsAProblem) {
  const Outcome outcome =
      Answered("", [](const Context&, const Report&) -> Result<boost::json::object> {
        return Conflict("not now");
      });
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.problem().error.code, ErrorCode::kConflict);
}

TEST(Work, SaysHowFarItIsToWhoeverAsksForLines) {
  const std::string lines =
      LinesOf(Answered("application/x-ndjson",
                       [](const Context&, const Report& report) -> Result<boost::json::object> {
                         report({{"done", 1}});
                         report({{"done", 2}});
                         std::this_thread::sleep_for(1200ms);
                         return boost::json::object{{"all", 7}};
                       }));
  EXPECT_EQ(lines, "{\"progress\":{\"done\":2}}\n{\"result\":{\"all\":7}}\n")
      << "the latest is enough";
}

TEST(Work, ThatFailsEndsItsLinesWithTheProblem) {
  const std::string lines = LinesOf(Answered(
      "application/x-ndjson", [](const Context&, const Report&) -> Result<boost::json::object> {
        return Corrupt("block 7 is damaged");
      }));
  EXPECT_THAT(lines, HasSubstr("\"problem\""));
  EXPECT_THAT(lines, HasSubstr("block 7 is damaged"));
  EXPECT_THAT(lines, MatchesRegex(".*\"status\":[0-9]+}\n"));
}

TEST(Work, EndsWhenNobodyReadsAnyMore) {
  Outcome outcome =
      Answered("application/x-ndjson",
               [](const Context& context, const Report&) -> Result<boost::json::object> {
                 while (context.Check()) std::this_thread::sleep_for(1ms);
                 return Cancelled("as asked");
               });
  outcome = Outcome(Response{});  // would wait for ever
}

}  // namespace
}  // namespace weir::api
