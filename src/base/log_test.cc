#include "base/log.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "base/json_string.h"
#include "base/testing/fake_clock.h"
#include "base/testing/matchers.h"

namespace weir {
namespace {

class LoggerTest : public testing::Test {
 protected:
  std::unique_ptr<Logger> Make(LogFormat format, LogLevel level = LogLevel::kInfo) {
    return Logger::ToFunction(
        level, format, [this](std::string_view line) { lines_.emplace_back(line); }, clock_);
  }

  FakeClock clock_;
  std::vector<std::string> lines_;
};

TEST_F(LoggerTest, TextLineReadsFromLeftToRight) {
  Make(LogFormat::kText)->Info("server_started", {{"address", "127.0.0.1:80"}, {"doors", 3}});
  EXPECT_EQ(lines_.at(0),
            "2026-01-01T00:00:00.000Z INFO  server_started address=127.0.0.1:80 doors=3");
}

TEST_F(LoggerTest, JsonLineKeepsTheTypesOfItsFields) {
  clock_.Advance(std::chrono::microseconds(1999));
  Make(LogFormat::kJson)
      ->Warn("slow", {{"ok", true},
                      {"count", std::size_t{7}},
                      {"delta", -7},
                      {"seconds", 0.25},
                      {"rate", std::nan("")},
                      {"path", std::string("a\"b")}});
  EXPECT_EQ(lines_.at(0),
            R"({"time":"2026-01-01T00:00:00.001Z","level":"warn","event":"slow","ok":true,)"
            R"("count":7,"delta":-7,"seconds":0.25,"rate":null,"path":"a\"b"})");
}

TEST_F(LoggerTest, AValueCannotForgeALineOrAField) {
  Make(LogFormat::kText)->Info("request", {{"path", "/x\n2026 ERROR forged y=1"}, {"empty", ""}});
  EXPECT_EQ(
      lines_.at(0),
      "2026-01-01T00:00:00.000Z INFO  request path=\"/x\\n2026 ERROR forged y=1\" empty=\"\"");
}

TEST_F(LoggerTest, ErrorsCarryTheirCodeAndMessage) {
  Make(LogFormat::kJson)->Error("apply_failed", Denied("no right to {}", "sales"), {{"part", 2}});
  EXPECT_EQ(lines_.at(0),
            R"({"time":"2026-01-01T00:00:00.000Z","level":"error","event":"apply_failed","part":2,)"
            R"("code":"denied","error":"no right to sales"})");
}

TEST_F(LoggerTest, LinesBelowTheLevelAreDroppedAndTheLevelChangesWhileRunning) {
  const auto log = Make(LogFormat::kText);
  log->Debug("hidden");
  log->SetLevel(LogLevel::kDebug);
  log->Debug("shown");
  log->SetLevel(LogLevel::kOff);
  log->Error("hidden");
  ASSERT_EQ(lines_.size(), 1U);
  EXPECT_NE(lines_.at(0).find("DEBUG shown"), std::string::npos);
}

TEST_F(LoggerTest, TheRequestIdComesFromTheContextElseFromTheInnermostScope) {
  const auto log = Make(LogFormat::kText);
  const Context outer = Context::Background().WithRequestId("outer");
  const Context inner = Context::Background().WithRequestId("inner");
  log->Info("none");
  {
    const LogScope scope(outer);
    log->Info("scoped");
    {
      const LogScope nested(inner);
      log->Info("nested");
    }
    log->Log(LogLevel::kInfo, &inner, "given", {});
    std::jthread([&] { log->Info("elsewhere"); }).join();
    log->Info("again");
  }
  const auto ends_with = [&](std::size_t line, std::string_view end) {
    return lines_.at(line).ends_with(end);
  };
  EXPECT_TRUE(ends_with(0, "none"));
  EXPECT_TRUE(ends_with(1, "scoped request_id=outer"));
  EXPECT_TRUE(ends_with(2, "nested request_id=inner"));
  EXPECT_TRUE(ends_with(3, "given request_id=inner"));
  EXPECT_TRUE(ends_with(4, "elsewhere"));
  EXPECT_TRUE(ends_with(5, "again request_id=outer"));
}

TEST_F(LoggerTest, LinesOfManyThreadsStayWhole) {
  const auto log = Make(LogFormat::kText);
  {
    std::vector<std::jthread> threads;
    threads.reserve(4);
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 100; ++i) log->Info("tick", {{"i", i}});
      });
    }
  }
  EXPECT_EQ(lines_.size(), 400U);
}

// What a logger to stderr writes while stderr is `descriptor`.
void LogOnceTo(int descriptor, const Clock& clock) {
  const int saved = dup(STDERR_FILENO);
  dup2(descriptor, STDERR_FILENO);
  Logger::ToStderr(LogLevel::kInfo, clock)->Info("started");
  dup2(saved, STDERR_FILENO);
  close(saved);
}

std::string ReadLine(int descriptor) {
  std::string line(200, ' ');
  line.resize(static_cast<std::size_t>(std::max<ssize_t>(read(descriptor, line.data(), 200), 0)));
  return line;
}

TEST(LoggerToStderr, WritesTextToATerminalAndJsonElsewhere) {
  const FakeClock clock;
  int pipe_ends[2];
  ASSERT_EQ(pipe(pipe_ends), 0);
  LogOnceTo(pipe_ends[1], clock);
  EXPECT_EQ(ReadLine(pipe_ends[0]),
            "{\"time\":\"2026-01-01T00:00:00.000Z\",\"level\":\"info\",\"event\":\"started\"}\n");

  const int terminal = posix_openpt(O_RDWR | O_NOCTTY);
  ASSERT_GE(terminal, 0);
  ASSERT_EQ(grantpt(terminal), 0);
  ASSERT_EQ(unlockpt(terminal), 0);
  const int screen = open(ptsname(terminal), O_RDWR | O_NOCTTY);
  ASSERT_GE(screen, 0);
  LogOnceTo(screen, clock);
  EXPECT_EQ(ReadLine(terminal), "2026-01-01T00:00:00.000Z INFO  started\r\n");
  for (const int descriptor : {pipe_ends[0], pipe_ends[1], screen, terminal}) close(descriptor);
}

TEST(LogLevel, ReadsBackItsName) {
  for (const auto level :
       {LogLevel::kDebug, LogLevel::kInfo, LogLevel::kWarn, LogLevel::kError, LogLevel::kOff}) {
    EXPECT_EQ(ParseLogLevel(NameOf(level)).value(), level);
  }
  EXPECT_EQ(CodeOf(ParseLogLevel("loud")), ErrorCode::kInvalid);
}

TEST(JsonString, EscapesControlsAndReplacesWhatIsNotUtf8) {
  const auto json = [](std::string_view text) {
    std::string out;
    AppendJsonString(out, text);
    return out;
  };
  EXPECT_EQ(json("tab\t, bell\a, \x7f"), R"("tab\t, bell\u0007, \u007f")");
  EXPECT_EQ(json("\xc3\xa4 \xe2\x82\xac \xf0\x9f\x8c\x8a"),
            "\"\xc3\xa4 \xe2\x82\xac \xf0\x9f\x8c\x8a\"");
  EXPECT_EQ(json("\xc2\x9b"
                 "m"),
            R"("\u009bm")");
  for (const char* bad : {"\xff", "\xc3", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80"}) {
    EXPECT_TRUE(json(bad).starts_with("\"\xef\xbf\xbd")) << bad;
  }
  EXPECT_EQ(json("\xe2\x82x"), "\"\xef\xbf\xbd\xef\xbf\xbdx\"");
}

}  // namespace
}  // namespace weir
