#include "wire/http/static_files.h"

#include <gtest/gtest.h>

#include "base/testing/fake_files.h"
#include "base/testing/matchers.h"

namespace weir::http {
namespace {

api::Request Get(std::string path, api::Headers headers = {}) {
  return {.path = std::move(path), .headers = std::move(headers)};
}

std::string Header(const api::Response& response, std::string_view name) {
  return std::string(response.headers.Get(name).value_or("(none)"));
}

std::string Body(const api::Response& response) { return std::get<std::string>(response.body); }

TEST(StaticFiles, PlainNameIsAskedAboutAgainAndHashedNameIsKept) {
  const StaticFiles files("/app/", {{.name = "js/main.js", .content = "let a = 1;"}});
  const auto plain = files.Answer(Get("/app/js/main.js"));
  ASSERT_TRUE(plain);
  EXPECT_EQ(Body(*plain), "let a = 1;");
  EXPECT_EQ(Header(*plain, "Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(Header(*plain, "Cache-Control"), "no-cache");
  const std::string url = files.UrlOf("js/main.js");
  EXPECT_TRUE(url.starts_with("/app/js/main.") && url.ends_with(".js")) << url;
  const auto kept = files.Answer(Get(url));
  ASSERT_TRUE(kept);
  EXPECT_EQ(Header(*kept, "Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(Header(*kept, "ETag"), Header(*plain, "ETag"));
}

TEST(StaticFiles, HashFollowsTheContent) {
  const StaticFiles before("/", {{.name = "a.css", .content = "a{}"}});
  const StaticFiles after("/", {{.name = "a.css", .content = "b{}"}});
  EXPECT_NE(before.UrlOf("a.css"), after.UrlOf("a.css"));
  EXPECT_FALSE(after.Answer(Get(before.UrlOf("a.css"))));
  EXPECT_EQ(after.UrlOf("b.css"), "");
}

TEST(StaticFiles, KnownContentIs304) {
  const StaticFiles files("/", {{.name = "a.txt", .content = "x"}});
  const std::string tag = Header(*files.Answer(Get("/a.txt")), "ETag");
  const auto again = files.Answer(Get("/a.txt", {{"If-None-Match", "\"x\", " + tag}}));
  EXPECT_EQ(again->status, 304);
  EXPECT_EQ(Body(*again), "");
  EXPECT_EQ(files.Answer(Get("/a.txt", {{"If-None-Match", "\"x\""}}))->status, 200);
}

TEST(StaticFiles, PackedVariantIsSentWhenItSavesSomething) {
  const std::string text(10'000, 't');
  const StaticFiles files("/", {{.name = "a.txt", .content = text},
                                {.name = "b.png", .content = text},
                                {.name = "c.txt", .content = "tiny"},
                                {.name = "d.txt", .content = text, .gzip = "given"}});
  const auto coding = [&](const char* path) {
    return Header(*files.Answer(Get(path, {{"Accept-Encoding", "gzip"}})), "Content-Encoding");
  };
  EXPECT_EQ(coding("/a.txt"), "gzip");
  EXPECT_EQ(coding("/b.png"), "(none)");
  EXPECT_EQ(coding("/c.txt"), "(none)");
  EXPECT_EQ(Body(*files.Answer(Get("/d.txt", {{"Accept-Encoding", "gzip"}}))), "given");
  EXPECT_EQ(Body(*files.Answer(Get("/d.txt"))), text);
}

TEST(StaticFiles, OtherPathsAndMethodsAreNotTheirs) {
  const StaticFiles files("/app/", {{.name = "a.txt", .content = "x"}});
  EXPECT_FALSE(files.Answer(Get("/app/b.txt")));
  EXPECT_FALSE(files.Answer(Get("/a.txt")));
  api::Request post = Get("/app/a.txt");
  post.method = api::Method::kPost;
  EXPECT_FALSE(files.Answer(post));
}

TEST(StaticFiles, LoadReadsATreeWithItsVariants) {
  FakeFiles disk;
  for (const auto& [path, content] :
       std::map<std::string, std::string>{{"/site/index.html", std::string(2'000, 'h')},
                                          {"/site/index.html.gz", "packed"},
                                          {"/site/icons/logo.svg", "<svg/>"},
                                          {"/site/alone.gz", "no variant"}}) {
    ASSERT_TRUE(IsOk(disk.WriteDurably(path, AsBytes(content))));
  }
  const auto files = StaticFiles::Load("/", "/site", disk).value();
  EXPECT_EQ(Body(*files->Answer(Get("/index.html", {{"Accept-Encoding", "gzip"}}))), "packed");
  EXPECT_EQ(Header(*files->Answer(Get("/icons/logo.svg")), "Content-Type"), "image/svg+xml");
  EXPECT_TRUE(files->Holds("/alone.gz"));
  EXPECT_FALSE(files->Holds("/index.html.gz"));
  EXPECT_EQ(CodeOf(StaticFiles::Load("/", "/nowhere", disk)), ErrorCode::kNotFound);
}

}  // namespace
}  // namespace weir::http
