#include <gtest/gtest.h>

#include "api/testing/api_harness.h"

namespace weir::api {
namespace {

TEST(Probes, SayOnlyOk) {
  ApiHarness api;
  EXPECT_EQ(api.Send({.target = "/healthz", .signed_in = false}).text, "ok\n");
  EXPECT_EQ(api.Send({.target = "/readyz", .signed_in = false}).text, "ok\n");
}

TEST(Probes, ReadinessIsForRequestsNotForLife) {
  ApiHarness api;
  for (const Phase phase : {Phase::kStarting, Phase::kDraining}) {
    api.server.phase_now = phase;
    EXPECT_EQ(api.Send({.target = "/readyz", .signed_in = false}).status, 503);
    EXPECT_EQ(api.Send({.target = "/healthz", .signed_in = false}).status, 200);
  }
  EXPECT_TRUE(api.log_lines.empty());
}

TEST(Server, TellsItsFacts) {
  ApiHarness api;
  const Told told = api.Get("/api/status");
  EXPECT_EQ(told.Text("/phase"), "ready");
  EXPECT_EQ(told.Text("/doors/0/address"), "http://127.0.0.1:8080");
}

TEST(Server, TheWorstFindingComesFirst) {
  ApiHarness api;
  EXPECT_EQ(api.Get("/api/doctor").Text("/findings/0/check"), "keys.mode");
}

TEST(Server, ChangesItsLogLevel) {
  ApiHarness api;
  const Told told = api.Send(
      {.method = Method::kPut, .target = "/api/log-level", .body = R"({"level": "warn"})"});
  EXPECT_EQ(told.Text("/level"), "warn");
  EXPECT_EQ(api.server.level, LogLevel::kWarn);
  EXPECT_EQ(
      api.Send({.method = Method::kPut, .target = "/api/log-level", .body = R"({"level": "all"})"})
          .status,
      400);
}

TEST(Server, StopsWhenAsked) {
  ApiHarness api;
  EXPECT_EQ(api.Send({.method = Method::kPost, .target = "/api/stop"}).status, 202);
  EXPECT_TRUE(api.server.stop_requested);
}

TEST(HomePage, ShowsTheDoorsAndEscapesWhatItShows) {
  ApiHarness api;
  api.server.facts.home = "/srv/<b>&\"";
  const std::string page = api.Get("/").text;
  EXPECT_NE(page.find("http://127.0.0.1:8080"), std::string::npos);
  EXPECT_NE(page.find("/srv/&lt;b&gt;&amp;&quot;"), std::string::npos);
  EXPECT_EQ(page.find("<b>"), std::string::npos);
}

TEST(HomePage, LoadsNothingFromElsewhere) {
  ApiHarness api;
  const std::string page = api.Get("/").text + api.Get("/home.css").text;
  for (const char* loading : {"src=", "url(", "@import", "<script", "style=", "href=\"http"}) {
    EXPECT_EQ(page.find(loading), std::string::npos) << loading;
  }
}

TEST(Backups, AreMadeAndVerified) {
  ApiHarness api;
  EXPECT_EQ(api.Post("/api/backups", R"({"target": "/b"})").Text("/newChunks"), "2");
  EXPECT_EQ(api.Post("/api/backups/verify", R"({"target": "/b"})").Text("/newest"), "b1");
  EXPECT_EQ(api.Post("/api/backups/verify", R"({"target": "/c"})").status, 404);
}

}  // namespace
}  // namespace weir::api
