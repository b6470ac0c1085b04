#include "net/web_socket.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "base/testing/matchers.h"
#include "base/testing/temp_dir.h"
#include "net/testing/served.h"

namespace weir::net {
namespace {

using namespace std::chrono_literals;
using Message = WebSocket::Message;

Context Soon() { return Context::Background().WithTimeout(10s); }

// Answers every message with itself until the client says good bye.
void Echo(WebSocket& socket) {
  for (;;) {
    auto message = socket.Receive(Context::Background());
    if (!message || !*message) return;
    if (!socket.Send(Context::Background(), std::move(**message))) return;
  }
}

class WebSocketTest : public testing::Test {
 protected:
  void Start(HttpServer::Options options, HttpResponse::WebSocketCall call) {
    served_ = std::make_unique<Served>(std::move(options));
    served_->service().On("/socket", [this, call](HttpRequest request) {
      field_ = request.head.Get("x-field").value_or("");
      return HttpResponse{.status = 101, .body = call};
    });
  }

  Result<std::unique_ptr<WebSocket>> Connect(const std::string& target = "/socket") {
    return ConnectWebSocket(Soon(), {.endpoint = {served_->address()}, .target = target},
                            {{"X-Field", "value"}}, {});
  }

  std::string field_;
  std::unique_ptr<Served> served_;
};

TEST_F(WebSocketTest, MessagesOfAnySizeComeBackWhole) {
  Start({}, Echo);
  auto socket = Connect();
  ASSERT_TRUE(IsOk(socket));
  EXPECT_EQ(field_, "value");
  for (const std::size_t size : {0UL, 1UL, 125UL, 126UL, 70'000UL, 1UL << 20}) {
    const Message sent{std::string(size, 'm'), size % 2 == 0};
    ASSERT_TRUE(IsOk((*socket)->Send(Soon(), sent)));
    const auto got = (*socket)->Receive(Soon());
    ASSERT_TRUE(IsOk(got));
    ASSERT_TRUE(*got);
    EXPECT_EQ((*got)->data, sent.data);
    EXPECT_EQ((*got)->is_text, sent.is_text);
  }
  (*socket)->Close(1000, "thanks");
}

TEST_F(WebSocketTest, WorksOverTlsAndOverAUnixSocket) {
  const TempDir dir;
  const TlsFiles files{dir / "cert.pem", dir / "key.pem"};
  ASSERT_TRUE(IsOk(MakeSelfSignedPair(files, {"localhost"}, PosixFiles())));
  const auto tls = ServerTls::Open(files).value();
  Start({.addresses = {{.host = "127.0.0.1"}, {.socket_path = dir / "s.sock"}}, .tls = tls.get()},
        Echo);
  const HttpClientOptions options{.tls = ClientTls::Open(files.certificate).value()};
  const Endpoint over_tls{{.host = "localhost", .port = served_->address().port}, true};
  for (const Endpoint& endpoint : {over_tls, Endpoint{{.socket_path = dir / "s.sock"}}}) {
    auto socket =
        ConnectWebSocket(Soon(), {.endpoint = endpoint, .target = "/socket"}, {}, options);
    ASSERT_TRUE(IsOk(socket));
    ASSERT_TRUE(IsOk((*socket)->Send(Soon(), {"hello"})));
    EXPECT_EQ((*socket)->Receive(Soon()).value()->data, "hello");
  }
}

TEST_F(WebSocketTest, HandlersGoodByeReachesTheClientAfterItsMessages) {
  Start({}, [](WebSocket& socket) {
    for (int i = 0; i < 100; ++i) {
      ASSERT_TRUE(IsOk(socket.Send(Soon(), {std::to_string(i)})));
    }
  });
  auto socket = Connect();
  ASSERT_TRUE(IsOk(socket));
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ((*socket)->Receive(Soon()).value()->data, std::to_string(i));
  }
  const auto end = (*socket)->Receive(Soon());
  ASSERT_TRUE(IsOk(end));
  EXPECT_FALSE(end->has_value());
}

TEST_F(WebSocketTest, HandlerHearsWhenTheClientIsGone) {
  std::atomic<int> ended = 0;
  Start({}, [&](WebSocket& socket) {
    const auto message = socket.Receive(Soon());
    if (!message || !*message) ++ended;
    EXPECT_EQ(CodeOf(socket.Send(Soon(), {"to nobody"})), ErrorCode::kUnavailable);
  });
  auto polite = Connect();
  ASSERT_TRUE(IsOk(polite));
  (*polite)->Close(1000, "");
  auto rude = Connect();  // no close frame
  ASSERT_TRUE(IsOk(rude));
  rude->reset();
  while (ended < 2) std::this_thread::yield();
}

TEST_F(WebSocketTest, MessageLargerThanTheLimitEndsTheConnection) {
  std::atomic<bool> broke = false;
  Start({.limits = {.max_message_bytes = 1'000}}, [&](WebSocket& socket) {
    broke = CodeOf(socket.Receive(Soon())) == ErrorCode::kUnavailable;
  });
  auto socket = Connect();
  ASSERT_TRUE(IsOk(socket));
  static_cast<void>((*socket)->Send(Soon(), {std::string(2'000, 'x')}));
  while (!broke) std::this_thread::yield();
}

TEST_F(WebSocketTest, ReceiveThatRanOutOfTimeCanBeRepeated) {
  std::atomic<bool> go = false;
  Start({}, [&](WebSocket& socket) {
    EXPECT_EQ(CodeOf(socket.Receive(Context::Background().WithTimeout(10ms))),
              ErrorCode::kDeadline);
    while (!go) std::this_thread::sleep_for(1ms);
    ASSERT_TRUE(IsOk(socket.Send(Soon(), {"late"})));
  });
  auto socket = Connect();
  ASSERT_TRUE(IsOk(socket));
  EXPECT_EQ(CodeOf((*socket)->Receive(Context::Background().WithTimeout(50ms))),
            ErrorCode::kDeadline);
  go = true;
  EXPECT_EQ((*socket)->Receive(Soon()).value()->data, "late");
}

TEST_F(WebSocketTest, SilentClientThatAnswersNoPingIsDropped) {
  std::atomic<bool> ended = false;
  Start({.limits = {.ping_interval = 60ms}}, [&](WebSocket& socket) {
    ended = CodeOf(socket.Receive(Soon())) == ErrorCode::kUnavailable;
  });
  RawClient client = served_->Connect();
  client.Send(
      "GET /socket HTTP/1.1\r\nHost: t\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
  EXPECT_NE(client.ReadUntil("\r\n\r\n").find("101 Switching Protocols"), std::string::npos);
  while (!ended) std::this_thread::yield();
}

TEST_F(WebSocketTest, DrainSaysGoodBye) {
  Start({}, Echo);
  auto socket = Connect();
  ASSERT_TRUE(IsOk(socket));
  std::thread drain([&] { EXPECT_TRUE(IsOk(served_->server().Drain(10s))); });
  const auto end = (*socket)->Receive(Soon());
  drain.join();
  ASSERT_TRUE(IsOk(end));
  EXPECT_FALSE(end->has_value());
}

TEST_F(WebSocketTest, StopEndsAHandlerThatWaits) {
  Start({}, Echo);
  auto socket = Connect();
  ASSERT_TRUE(IsOk(socket));
  served_->server().Stop();
}

TEST_F(WebSocketTest, AnswerThatIsNoUpgradeIsAnError) {
  Start({}, Echo);
  served_->service().On("/plain", [](HttpRequest) { return Text("plain"); });
  EXPECT_EQ(CodeOf(Connect("/plain")), ErrorCode::kInvalid);
  RawClient client = served_->Connect();
  client.Send("GET /socket HTTP/1.1\r\nHost: t\r\n\r\n");
  EXPECT_EQ(StatusOf(client.ReadResponse()), 426);
}

}  // namespace
}  // namespace weir::net
