#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "base/testing/temp_dir.h"
#include "net/testing/served.h"

namespace weir::net {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: t\r\n\r\n";

// A server that counts what reaches its handler.
class HttpRefusal : public testing::Test {
 protected:
  void Start(HttpLimits limits) {
    served_ = std::make_unique<Served>(HttpServer::Options{.limits = limits});
    const auto handler = [this](HttpRequest request) {
      ++answered_;
      if (request.body == nullptr) return Text("ok");
      const auto body = ReadAll(*request.body, 64 << 20);
      return body ? Text(*body) : Text(body.error().message, 418);
    };
    served_->service().On("/", handler);
  }

  std::atomic<int> answered_ = 0;
  std::unique_ptr<Served> served_;
};

TEST_F(HttpRefusal, BytesAfterAMalformedHeadAreNeverARequest) {
  Start({});
  for (const std::string_view shape :
       {"Content-Length: 5\r\nContent-Length: 5", "Transfer-Encoding: chunked\r\nContent-Length: 5",
        "Content-Length: 5\r\n folded: x", "Content-Length : 5", "Transfer-Encoding: xchunked"}) {
    RawClient client = served_->Connect();
    client.Send("POST / HTTP/1.1\r\nHost: t\r\n" + std::string(shape) + "\r\n\r\n0\r\n\r\n" +
                std::string(kGet));
    const std::string answer = client.ReadToEnd();
    EXPECT_GE(StatusOf(answer), 400) << shape;
    EXPECT_NE(answer.find("Connection: close"), std::string::npos) << shape;
    EXPECT_EQ(answer.find("HTTP/1.1", 1), std::string::npos) << shape;
  }
  EXPECT_EQ(answered_, 0);
}

TEST_F(HttpRefusal, BareLineFeedsAreRefusedWithoutWaiting) {
  Start({});
  RawClient client = served_->Connect();
  client.Send("GET / HTTP/1.1\nHost: t\n\n");
  EXPECT_EQ(StatusOf(client.ReadToEnd()), 400);
}

TEST_F(HttpRefusal, BadChunkSizeIsRefusedWhateverTheHandlerMakesOfIt) {
  Start({});
  for (const std::string_view chunk : {"zz\r\n", "1\nx", "1\r\nxx\r\n", "fffffffffffffffff\r\n"}) {
    RawClient client = served_->Connect();
    client.Send("POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n" +
                std::string(chunk) + "\r\n" + std::string(kGet));
    const std::string answer = client.ReadToEnd();
    EXPECT_EQ(StatusOf(answer), 400) << chunk;
    EXPECT_EQ(answer.find("HTTP/1.1", 1), std::string::npos) << chunk;
  }
  EXPECT_EQ(answered_, 0);
}

TEST_F(HttpRefusal, HeadLargerThanItsLimitIs431) {
  Start({.max_head_bytes = 2'000});
  RawClient client = served_->Connect();
  client.Send("GET / HTTP/1.1\r\nHost: t\r\nX: " + std::string(1'900, 'x') + "\r\n\r\n");
  EXPECT_EQ(StatusOf(client.ReadResponse()), 200);
  client.Send("GET / HTTP/1.1\r\nHost: t\r\nX: " + std::string(3'000, 'x'));
  EXPECT_EQ(StatusOf(client.ReadToEnd()), 431);
}

TEST_F(HttpRefusal, BodyLargerThanItsLimitIs413) {
  Start({.max_body_bytes = 10});
  RawClient known = served_->Connect();
  known.Send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 11\r\n\r\n");
  EXPECT_EQ(StatusOf(known.ReadToEnd()), 413);
  RawClient chunked = served_->Connect();
  chunked.Send(
      "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n"
      "8\r\n12345678\r\n3\r\n9ab\r\n0\r\n\r\n");
  EXPECT_EQ(StatusOf(chunked.ReadToEnd()), 413);
  EXPECT_EQ(answered_, 0);
}

TEST_F(HttpRefusal, BodyThatBreaksOffNeverLooksWhole) {
  Start({.buffered_body_bytes = 8});
  RawClient client = served_->Connect();
  client.Send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 100\r\n\r\n0123456789");
  client.FinishSending();
  EXPECT_EQ(StatusOf(client.ReadToEnd()), 400);
}

TEST_F(HttpRefusal, ConnectionsBeyondTheLimitAreTurnedAway) {
  Start({.max_connections = 2});
  RawClient first = served_->Connect();
  RawClient second = served_->Connect();
  first.Send(kGet);
  second.Send(kGet);
  EXPECT_EQ(StatusOf(first.ReadResponse()), 200);
  EXPECT_EQ(StatusOf(second.ReadResponse()), 200);
  RawClient third = served_->Connect();
  EXPECT_EQ(StatusOf(third.ReadToEnd()), 503);
  EXPECT_EQ(served_->server().counts().refused, 1U);
  first.Close();
  while (served_->server().counts().open > 1) std::this_thread::yield();
  RawClient fourth = served_->Connect();
  fourth.Send(kGet);
  EXPECT_EQ(StatusOf(fourth.ReadResponse()), 200);
}

TEST_F(HttpRefusal, OnePeerCannotTakeAllConnections) {
  Start({.max_connections_per_peer = 1});
  RawClient first = served_->Connect();
  first.Send(kGet);
  EXPECT_EQ(StatusOf(first.ReadResponse()), 200);
  RawClient second = served_->Connect();
  EXPECT_EQ(StatusOf(second.ReadToEnd()), 503);
}

TEST_F(HttpRefusal, LastRequestOfAConnectionSaysSo) {
  Start({.max_requests_per_connection = 2});
  RawClient client = served_->Connect();
  client.Send(kGet);
  EXPECT_EQ(client.ReadResponse().find("Connection: close"), std::string::npos);
  client.Send(kGet);
  EXPECT_NE(client.ReadToEnd().find("Connection: close"), std::string::npos);
}

TEST(HttpOverload, FullWorkersAnswer503AndTheConnectionLives) {
  Served served({}, {.threads = 1, .queue = 1});
  std::atomic<bool> go = false;
  served.service().On("/", [&](HttpRequest) {
    while (!go) std::this_thread::sleep_for(1ms);
    return Text("done");
  });
  RawClient running = served.Connect();
  running.Send(kGet);
  while (served.workers().running() == 0) std::this_thread::yield();
  RawClient queued = served.Connect();
  queued.Send(kGet);
  while (served.workers().queued() == 0) std::this_thread::yield();
  RawClient refused = served.Connect();
  refused.Send(kGet);
  EXPECT_EQ(StatusOf(refused.ReadResponse()), 503);
  go = true;
  EXPECT_EQ(BodyOf(queued.ReadResponse()), "done");
  refused.Send(kGet);
  EXPECT_EQ(BodyOf(refused.ReadResponse()), "done");
}

TEST(HttpFault, HandlerThatThrowsIs500AndTheServerLives) {
  Served served;
  served.service().On("/", [](HttpRequest) -> HttpResponse { throw std::runtime_error("oh"); });
  served.service().OnCheap("/c", [](HttpRequest) -> HttpResponse { throw 42; });
  RawClient client = served.Connect();
  client.Send(kGet);
  EXPECT_EQ(StatusOf(client.ReadResponse()), 500);
  client.Send("GET /c HTTP/1.1\r\nHost: t\r\n\r\n");
  EXPECT_EQ(StatusOf(client.ReadResponse()), 500);
}

}  // namespace
}  // namespace weir::net
