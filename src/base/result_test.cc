#include "base/result.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "base/context.h"
#include "base/error_map.h"

namespace weir {
namespace {

Result<int> Half(int value) {
  if (value % 2 != 0) return Invalid("{} is odd", value);
  return value / 2;
}

Result<int> Quarter(int value) {
  ASSIGN_OR_RETURN(const int half, Half(value));
  return Half(half);
}

Status Evenly(int value) {
  RETURN_IF_ERROR(Quarter(value));
  return Ok();
}

TEST(Result, CarriesAValue) { EXPECT_EQ(Quarter(8).value(), 2); }

TEST(Result, CarriesTheFirstError) {
  EXPECT_EQ(Quarter(6).error().message, "3 is odd");
  EXPECT_EQ(Evenly(5).error().code, ErrorCode::kInvalid);
  EXPECT_TRUE(Evenly(4));
}

TEST(Result, MovesAnOwnerOfADerivedClass) {
  struct Base {
    virtual ~Base() = default;
  };
  struct Derived : Base {};
  const Result<std::unique_ptr<Base>> made = std::make_unique<Derived>();
  EXPECT_NE(made.value(), nullptr);
}

TEST(ResultDeathTest, ValueOfAnErrorStopsTheProcess) { EXPECT_DEATH(Half(3).value(), "3 is odd"); }

TEST(ErrorMap, EveryCodeHasAFaceAndANameThatReadsBack) {
  for (int i = 0; i <= static_cast<int>(ErrorCode::kInternal); ++i) {
    const auto code = static_cast<ErrorCode>(i);
    EXPECT_GE(FaceOf(code).http_status, 400);
    EXPECT_EQ(FaceOf(code).sqlstate.size(), 5U);
    EXPECT_NE(FaceOf(code).exit_code, 0);
    EXPECT_EQ(CodeOfName(NameOf(code)), code);
  }
}

TEST(TraceContext, ReadsBackWhatItWrites) {
  const std::string header = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  const auto trace = TraceContext::Parse(header);
  ASSERT_TRUE(trace);
  EXPECT_EQ(trace->ToHeader(), header);
}

TEST(TraceContext, RefusesWhatTheStandardRefuses) {
  for (const char* bad : {"", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
                          "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                          "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                          "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                          "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                          "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x"}) {
    EXPECT_FALSE(TraceContext::Parse(bad)) << bad;
  }
}

TEST(Context, TheEarlierDeadlineHolds) {
  const auto soon = std::chrono::steady_clock::now() - std::chrono::seconds(1);
  const Context late = Context::Background().WithDeadline(soon).WithTimeout(std::chrono::hours(1));
  EXPECT_EQ(late.Check().error().code, ErrorCode::kDeadline);
  EXPECT_EQ(late.Remaining(std::chrono::seconds(5)).count(), 0);
}

TEST(Context, IsCancelledByItsToken) {
  std::stop_source source;
  const Context context = Context::Background().WithCancel(source.get_token());
  EXPECT_TRUE(context.Check());
  source.request_stop();
  EXPECT_EQ(context.Check().error().code, ErrorCode::kCancelled);
}

}  // namespace
}  // namespace weir
