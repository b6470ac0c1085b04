#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "base/testing/matchers.h"
#include "base/testing/temp_dir.h"
#include "net/listen_socket.h"
#include "net/testing/served.h"

namespace weir::net {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: t\r\n\r\n";

TEST(HttpDrain, RunningRequestFinishesAndIdleConnectionEnds) {
  Served served;
  std::atomic<bool> began = false;
  std::atomic<bool> go = false;
  served.service().On("/", [&](HttpRequest) {
    began = true;
    while (!go) std::this_thread::sleep_for(1ms);
    return Text("finished");
  });
  served.service().On("/idle", [](HttpRequest) { return Text("x"); });
  RawClient idle = served.Connect();
  idle.Send("GET /idle HTTP/1.1\r\nHost: t\r\n\r\n");
  EXPECT_EQ(BodyOf(idle.ReadResponse()), "x");
  RawClient busy = served.Connect();
  busy.Send(kGet);
  while (!began) std::this_thread::yield();
  const Address address = served.address();
  std::thread drain([&] { EXPECT_TRUE(IsOk(served.server().Drain(10s))); });
  EXPECT_EQ(idle.ReadToEnd(), "");
  go = true;
  const std::string response = busy.ReadToEnd();
  drain.join();
  EXPECT_EQ(BodyOf(response), "finished");
  EXPECT_NE(response.find("Connection: close"), std::string::npos);
  EXPECT_EQ(CodeOf(Listen(address)), std::nullopt) << "the port is free again";
}

TEST(HttpDrain, LimitEndsTheWaitAndStopCancelsWhatIsLeft) {
  Served served;
  std::atomic<bool> began = false;
  std::atomic<bool> cancelled = false;
  served.service().On("/", [&](HttpRequest request) {
    began = true;
    while (!request.cancelled.stop_requested()) std::this_thread::sleep_for(1ms);
    cancelled = true;
    return Text("");
  });
  RawClient client = served.Connect();
  client.Send(kGet);
  while (!began) std::this_thread::yield();
  EXPECT_EQ(CodeOf(served.server().Drain(50ms)), ErrorCode::kDeadline);
  served.server().Stop();
  EXPECT_TRUE(cancelled);
}

TEST(HttpDrain, StopEndsAHandlerThatReadsItsBody) {
  Served served({.limits = {.buffered_body_bytes = 4}});
  std::atomic<bool> began = false;
  served.service().On("/", [&](HttpRequest request) {
    began = true;
    return Text(ReadAll(*request.body, 1 << 20).value_or(""));
  });
  RawClient client = served.Connect();
  client.Send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 99\r\n\r\n12345");
  while (!began) std::this_thread::yield();
  served.server().Stop();
}

TEST(Listen, BusyPortIsUnavailableAndNamed) {
  Served served;
  const auto second = Listen(served.address());
  ASSERT_EQ(CodeOf(second), ErrorCode::kUnavailable);
  EXPECT_NE(second.error().message.find(served.address().ToString()), std::string::npos);
}

TEST(Listen, SocketFileOfADeadProcessIsReplaced) {
  const TempDir dir;
  const Address address{.socket_path = dir / "weir.sock"};
  ASSERT_TRUE(IsOk(Listen(address)));  // closed at once, and the file stays
  auto again = Listen(address);
  ASSERT_TRUE(IsOk(again));
  EXPECT_EQ(CodeOf(Listen(address)), ErrorCode::kUnavailable) << "now somebody lives there";
}

}  // namespace
}  // namespace weir::net
