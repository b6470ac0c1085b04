#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "base/testing/matchers.h"
#include "base/testing/temp_dir.h"
#include "objects/testing/scripted_server.h"
#include "pipelines/http_time.h"
#include "pipelines/testing/ingest_home.h"

namespace weir::pipelines {
namespace {

using testing::HasSubstr;

std::string Source(const std::string& fetch, const std::string& prepare = "[]") {
  return R"({"fetch": )" + fetch + R"(, "prepare": )" + prepare +
         R"(, "read": {"kind": "Csv", "ddlSchema": ["n BIGINT"]}, "merge": {"kind": "Append"}})";
}

// A dataset whose source is fetched from the real machine.
class PollTest : public testing::Test {
 protected:
  void Begin(const std::string& fetch, const std::string& prepare = "[]") {
    home_ = std::make_unique<IngestHome>(Source(fetch, prepare));
    ingestor_ =
        std::make_unique<Ingestor>(home_->chains(), home_->states(), PosixFiles(), home_->clock(),
                                   IngestOptions{.scratch = scratch_.path()});
  }

  Result<PollReport> Poll(const SourceRights& rights) {
    return ingestor_->Poll(home_->context().WithTimeout(std::chrono::seconds(30)), home_->id(),
                           rights);
  }

  void Write(const std::string& name, std::string_view content) {
    ASSERT_TRUE(IsOk(PosixFiles().WriteDurably(files_ / name, AsBytes(content))));
  }

  std::string UrlOf(const std::string& name) { return "file://" + (files_ / name).string(); }
  std::string Quoted(const std::string& text) { return '"' + text + '"'; }
  SourceRights Owner() { return {.is_owner = true}; }
  SourceRights Loopback() {
    const std::string listed[] = {"127.0.0.0/8"};
    return {.networks = net::AllowedNetworks::Parse(listed).value()};
  }

  TempDir files_;
  TempDir scratch_;
  std::unique_ptr<IngestHome> home_;
  std::unique_ptr<Ingestor> ingestor_;
};

TEST_F(PollTest, TakesAFileWhenItHasChanged) {
  Write("a.csv", "1\n2\n");
  Begin(R"({"kind": "Url", "url": )" + Quoted(UrlOf("a.csv")) + "}");
  const auto first = Poll(Owner());
  ASSERT_TRUE(IsOk(first));
  EXPECT_EQ(first->rows, 2u);
  EXPECT_EQ(home_->record().chain.source_states.at("default").kind, "odf/last-modified");
  const auto again = Poll(Owner());
  ASSERT_TRUE(IsOk(again));
  EXPECT_EQ(again->files, 0u);
  EXPECT_FALSE(again->last.is_committed);
  Write("a.csv", "3\n");
  EXPECT_EQ(Poll(Owner())->rows, 1u);
  EXPECT_EQ(home_->record().records, 3u);
}

TEST_F(PollTest, TakesEachFileOfAPatternOnceInTheOrderOfTheirTimes) {
  Write("b-2020-01-01.csv", "1\n");
  Write("a-2020-01-02.csv", "2\n");
  Begin(R"({"kind": "FilesGlob", "path": )" + Quoted((files_ / "*.csv").string()) +
        R"(, "order": "ByEventTime", "eventTime": {"kind": "FromPath",
             "pattern": "-(\\d+-\\d+-\\d+)\\.csv", "timestampFormat": "yyyy-MM-dd"}})");
  const auto first = Poll(Owner());
  ASSERT_TRUE(IsOk(first));
  EXPECT_EQ(first->files, 2u);
  EXPECT_EQ(home_->Rows(), "0 2020-01-01 00:00:00.000000Z 1\n0 2020-01-02 00:00:00.000000Z 2\n");
  Write("c-2020-01-03.csv", "3\n");
  const auto next = Poll(Owner());
  ASSERT_TRUE(IsOk(next));
  EXPECT_EQ(next->files, 1u);
  EXPECT_EQ(Poll(Owner())->files, 0u);
  EXPECT_EQ(home_->record().slices, 3u);
}

TEST_F(PollTest, PreparesWhatItFetches) {
  Write("a.txt", "1;2;3");
  Begin(R"({"kind": "Url", "url": )" + Quoted(UrlOf("a.txt")) + "}",
        R"([{"kind": "Pipe", "command": ["tr", ";", "\n"]}])");
  EXPECT_EQ(CodeOf(Poll({.paths = {files_.path()}})), ErrorCode::kDenied);
  const auto report = Poll({.paths = {files_.path()}, .commands = {"tr"}});
  ASSERT_TRUE(IsOk(report));
  EXPECT_EQ(report->rows, 3u);
}

TEST_F(PollTest, ReadsNoFileOfTheMachineUnlessItMay) {
  Write("in/a.csv", "1\n");
  Write("out/b.csv", "2\n");
  const SourceRights rights{.paths = {files_ / "in"}};
  std::filesystem::create_symlink(files_ / "out/b.csv", files_ / "in/link.csv");
  for (const std::string name : {"out/b.csv", "in/../out/b.csv", "in/link.csv", "nowhere"}) {
    Begin(R"({"kind": "Url", "url": )" + Quoted(UrlOf(name)) + "}");
    EXPECT_EQ(CodeOf(Poll(rights)), ErrorCode::kDenied) << name;
    EXPECT_EQ(CodeOf(Poll({})), ErrorCode::kDenied) << name;
  }
  for (const std::string pattern : {"out/*.csv", "in/../out/*", "*/b.csv", "in/link*"}) {
    Begin(R"({"kind": "FilesGlob", "path": )" + Quoted((files_ / pattern).string()) + "}");
    EXPECT_EQ(CodeOf(Poll(rights)), ErrorCode::kDenied) << pattern;
  }
  Begin(R"({"kind": "Url", "url": )" + Quoted(UrlOf("in/a.csv")) + "}");
  EXPECT_TRUE(IsOk(Poll(rights)));
}

std::string Answer(std::string_view status, std::string_view body, std::string_view fields = "") {
  return fmt::format("HTTP/1.1 {}\r\nContent-Length: {}\r\nConnection: close\r\n{}\r\n{}", status,
                     body.size(), fields, body);
}

TEST_F(PollTest, FetchesOverHttpWhatHasAnotherEtag) {
  std::string last;
  objects::ScriptedServer server([&](int, const std::string& request) {
    last = request;
    if (request.find("If-None-Match: \"v1\"") != std::string::npos) {
      return Answer("304 Not Modified", "");
    }
    return Answer("200 OK", "1\n", "ETag: \"v1\"\r\n");
  });
  ASSERT_EQ(::setenv("WEIR_POLL_TEST", "secret", 1), 0);
  Begin(R"({"kind": "Url", "url": ")" + server.endpoint() + R"(/a.csv",
           "headers": [{"name": "X-Key", "value": "${{ env.WEIR_POLL_TEST }}"}]})");
  SourceRights rights = Loopback();
  EXPECT_EQ(CodeOf(Poll(rights)), ErrorCode::kDenied);  // the variable
  rights.env = {"WEIR_POLL_TEST"};
  const auto first = Poll(rights);
  ASSERT_TRUE(IsOk(first));
  EXPECT_EQ(first->rows, 1u);
  EXPECT_THAT(last, HasSubstr("X-Key: secret"));
  EXPECT_EQ(home_->record().chain.source_states.at("default").kind, "odf/etag");
  EXPECT_EQ(Poll(rights)->files, 0u);
  EXPECT_EQ(home_->record().records, 1u);
}

TEST_F(PollTest, SendsTheVariablesOfTheDatasetAndShowsThemNowhere) {
  std::string last;
  bool is_found = true;
  objects::ScriptedServer server([&](int, const std::string& request) {
    last = request;
    return is_found ? Answer("200 OK", "one\n") : Answer("404 Not Found", "");
  });
  Begin(R"({"kind": "Url", "url": ")" + server.endpoint() + R"(/${{ env.USER }}.csv",
           "headers": [{"name": "X-Key", "value": "Bearer ${{ env.TOKEN }}"}]})");
  SourceRights rights = Loopback();
  EXPECT_EQ(CodeOf(Poll(rights)), ErrorCode::kDenied);  // neither is the dataset's
  rights.variables = {{"USER", "zaphod"}, {"TOKEN", "trillian"}};
  const auto bad_row = Poll(rights);
  EXPECT_THAT(last, HasSubstr("GET /zaphod.csv"));
  EXPECT_THAT(last, HasSubstr("X-Key: Bearer trillian"));
  ASSERT_FALSE(bad_row);
  EXPECT_THAT(bad_row.error().message, HasSubstr("/${{ env.USER }}.csv, line 1"));
  is_found = false;
  const auto missing = Poll(rights);
  EXPECT_THAT(missing.error().message, HasSubstr("there is nothing at"));
  EXPECT_THAT(missing.error().message, HasSubstr("/****.csv"));
  rights.variables["TOKEN"] = "two\nlines";
  EXPECT_EQ(Poll(rights).error().message.find("lines"), std::string::npos);
  EXPECT_EQ(home_->record().records, 0u);
}

TEST_F(PollTest, FetchesOverHttpWhatWasModified) {
  objects::ScriptedServer server([&](int, const std::string& request) {
    if (request.find("If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT") != std::string::npos) {
      return Answer("304 Not Modified", "");
    }
    return Answer("200 OK", "1\n", "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n");
  });
  Begin(R"({"kind": "Url", "url": ")" + server.endpoint() +
        R"(/a.csv", "eventTime": {"kind": "FromMetadata"}})");
  ASSERT_TRUE(IsOk(Poll(Loopback())));
  EXPECT_EQ(home_->Rows(), "0 1994-11-06 08:49:37.000000Z 1\n");
  EXPECT_EQ(Poll(Loopback())->files, 0u);
}

TEST_F(PollTest, GoesToNoAddressThatIsNotPublicUnlessItMay) {
  objects::ScriptedServer server([&](int, const std::string&) { return Answer("200 OK", "1\n"); });
  Begin(R"({"kind": "Url", "url": ")" + server.endpoint() + R"(/a.csv"})");
  EXPECT_FALSE(Poll({}));
  EXPECT_FALSE(home_->record().chain.has_data);
  Begin(R"({"kind": "Url", "url": "unix:/run/docker.sock"})");
  EXPECT_FALSE(Poll(Owner()));
}

TEST_F(PollTest, SendsNoHeaderOfTheSourceToAnotherServer) {
  std::string asked;
  objects::ScriptedServer other([&](int, const std::string& request) {
    asked = request;
    return Answer("200 OK", "1\n");
  });
  objects::ScriptedServer server([&](int, const std::string&) {
    return Answer("302 Found", "", "Location: " + other.endpoint() + "/b.csv\r\n");
  });
  Begin(R"({"kind": "Url", "url": ")" + server.endpoint() +
        R"(/a.csv", "headers": [{"name": "Authorization", "value": "Bearer x"}]})");
  ASSERT_TRUE(IsOk(Poll(Loopback())));
  EXPECT_EQ(asked.find("Bearer"), std::string::npos) << asked;
}

TEST_F(PollTest, SaysWhichSourcesAreNotFetchedYet) {
  Begin(R"({"kind": "Container", "image": "x"})");
  const auto refused = Poll(Owner());
  ASSERT_EQ(CodeOf(refused), ErrorCode::kUnimplemented);
  EXPECT_THAT(refused.error().message, HasSubstr("Container"));
}

TEST(HttpTime, IsReadAndWritten) {
  const Timestamp time = ParseTimestamp("1994-11-06T08:49:37Z").value();
  EXPECT_EQ(FormatHttpTime(time), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(ParseHttpTime("Sun, 06 Nov 1994 08:49:37 GMT"), time);
  for (const char* text : {"", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Abc 1994 08:49:37 GMT",
                           "Sun, 36 Nov 1994 08:49:37 GMT"}) {
    EXPECT_EQ(ParseHttpTime(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace weir::pipelines
