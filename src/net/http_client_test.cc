#include "net/http_client.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "base/testing/matchers.h"
#include "base/testing/temp_dir.h"
#include "net/testing/served.h"

namespace weir::net {
namespace {

using namespace std::chrono_literals;

Context Soon() { return Context::Background().WithTimeout(10s); }

HttpResponse Echo(HttpRequest request) {
  return Text(request.body ? ReadAll(*request.body, 64 << 20).value() : "");
}

// A source that does not know its length.
class Unsized final : public ByteSource {
 public:
  explicit Unsized(std::string content) : source_(SourceOf(std::move(content))) {}
  Result<std::size_t> Read(std::span<std::byte> buffer) override { return source_->Read(buffer); }

 private:
  std::unique_ptr<ByteSource> source_;
};

TEST(HttpClient, GetsAndPostsOverTcp) {
  Served served;
  served.service().On("/echo", Echo);
  HttpClient client({});
  const Url url = ParseUrl("http://" + served.address().ToString() + "/echo").value();
  auto got = client.Send(Soon(), {.url = url});
  ASSERT_TRUE(IsOk(got));
  EXPECT_EQ(got->status, 200);
  EXPECT_EQ(got->Field("content-TYPE"), "text/plain");
  for (const bool sized : {true, false}) {
    const std::string body(3 << 20, 'b');
    HttpClient::Request request{.method = "POST", .url = url};
    request.body = sized ? SourceOf(body) : std::make_unique<Unsized>(body);
    auto posted = client.Send(Soon(), std::move(request));
    ASSERT_TRUE(IsOk(posted));
    EXPECT_EQ(ReadAll(*posted->body, 64 << 20).value(), body);
  }
}

TEST(HttpClient, UsesAConnectionAgain) {
  Served served;
  served.service().On("/", [](HttpRequest) { return Text("x"); });
  HttpClient client({});
  const Url url = ParseUrl("http://" + served.address().ToString()).value();
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(ReadAll(*client.Send(Soon(), {.url = url}).value().body, 10).value(), "x");
  }
  EXPECT_EQ(served.server().counts().accepted, 1);
}

TEST(HttpClient, RepeatsAGetWhenTheServerClosedTheIdleConnection) {
  Served served({.limits = {.idle_timeout = 60ms}});
  served.service().On("/", [](HttpRequest) { return Text("x"); });
  HttpClient client({});
  const Url url = ParseUrl("http://" + served.address().ToString()).value();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(ReadAll(*client.Send(Soon(), {.url = url}).value().body, 10).value(), "x");
    while (served.server().counts().open > 0) std::this_thread::yield();
  }
  EXPECT_EQ(served.server().counts().accepted, 3);
}

TEST(HttpClient, TalksOverAUnixSocketOfMode0600) {
  const TempDir dir;
  Served served({.addresses = {{.socket_path = dir / "weir.sock"}}});
  EXPECT_EQ(PosixFiles().Stat(dir / "weir.sock")->mode, 0600U);
  bool is_unix = false;
  served.service().On("/x", [&](HttpRequest request) {
    is_unix = request.peer.is_unix;
    return Text("hello");
  });
  HttpClient client({});
  Url url = ParseUrl("unix:" + (dir / "weir.sock").string()).value();
  url.target = "/x";
  EXPECT_EQ(ReadAll(*client.Send(Soon(), {.url = url}).value().body, 10).value(), "hello");
  EXPECT_TRUE(is_unix);
}

TEST(HttpClient, ServerThatIsNotThereIsUnavailable) {
  Address address;
  {
    Served served;
    address = served.address();
  }
  HttpClient client({});
  const auto got = client.Send(Soon(), {.url = {.endpoint = {address}}});
  EXPECT_EQ(CodeOf(got), ErrorCode::kUnavailable);
}

TEST(HttpClient, KeepsTheDeadlineWhenTheServerIsSilent) {
  Served served;
  served.service().On("/", [](HttpRequest request) {
    while (!request.cancelled.stop_requested()) std::this_thread::sleep_for(1ms);
    return Text("late");
  });
  HttpClient client({});
  const auto got = client.Send(Context::Background().WithTimeout(100ms),
                               {.url = {.endpoint = {served.address()}}});
  EXPECT_EQ(CodeOf(got), ErrorCode::kDeadline);
}

TEST(HttpClient, StopsAtOnceWhenCancelled) {
  Served served;
  std::stop_source stop;
  served.service().On("/", [&](HttpRequest request) {
    stop.request_stop();
    while (!request.cancelled.stop_requested()) std::this_thread::sleep_for(1ms);
    return Text("late");
  });
  HttpClient client({});
  const auto got = client.Send(Context::Background().WithCancel(stop.get_token()),
                               {.url = {.endpoint = {served.address()}}});
  EXPECT_EQ(CodeOf(got), ErrorCode::kCancelled);
}

TEST(HttpClient, BodyThatBreaksOffIsAnError) {
  class Broken final : public ByteSource {
   public:
    Result<std::size_t> Read(std::span<std::byte> buffer) override {
      if (++reads > 2) return Corrupt("the disk is bad");
      return buffer.size();
    }
    int reads = 0;
  };
  Served served;
  served.service().On("/",
                      [](HttpRequest) { return HttpResponse{.body = std::make_unique<Broken>()}; });
  HttpClient client({});
  auto got = client.Send(Soon(), {.url = {.endpoint = {served.address()}}});
  ASSERT_TRUE(IsOk(got));
  EXPECT_EQ(CodeOf(ReadAll(*got->body, 64 << 20)), ErrorCode::kUnavailable);
}

// Goal: a request whose body cannot be had whole does not wait for an answer, and is none to the
// server. Method: the source fails as a connection would, before its last piece.
TEST(HttpClient, GivesUpARequestWhoseBodyFails) {
  class Failing final : public ByteSource {
   public:
    Result<std::size_t> Read(std::span<std::byte> buffer) override {
      if (++reads > 2) return Unavailable("the file changed");
      std::fill(buffer.begin(), buffer.end(), std::byte{'a'});
      return buffer.size();
    }
    std::optional<std::uint64_t> Size() const override { return 1 << 20; }
    int reads = 0;
  };
  std::atomic<bool> was_whole = false;
  Served served;
  served.service().On("/", [&](HttpRequest request) {
    if (ReadAll(*request.body, 64 << 20)) was_whole = true;
    return Text("");
  });
  HttpClient client({});
  const auto got = client.Send(Soon(), {.method = "POST",
                                        .url = {.endpoint = {served.address()}},
                                        .body = std::make_unique<Failing>()});
  ASSERT_EQ(CodeOf(got), ErrorCode::kUnavailable);
  EXPECT_EQ(got.error().message, "the file changed");
  EXPECT_FALSE(was_whole);
}

TEST(HttpClient, AsksBeforeItGoesToAnAddress) {
  Served served;
  HttpClient client(
      {.may_connect = [](const std::string& ip) -> Status { return Denied("not to {}", ip); }});
  const auto got = client.Send(Soon(), {.url = {.endpoint = {served.address()}}});
  EXPECT_EQ(CodeOf(got), ErrorCode::kDenied);
  EXPECT_EQ(served.server().counts().accepted, 0);
}

TEST(HttpClient, RefusesFieldsThatWouldBeginALineOfTheirOwn) {
  HttpClient client({});
  const auto got = client.Send(Soon(), {.fields = {{"X-A", "b\r\nX-C: d"}}});
  EXPECT_EQ(CodeOf(got), ErrorCode::kInvalid);
}

}  // namespace
}  // namespace weir::net
