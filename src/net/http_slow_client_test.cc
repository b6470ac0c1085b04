#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "net/testing/served.h"

namespace weir::net {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: t\r\n\r\n";

// More than the kernel's buffers of a loopback connection hold.
constexpr std::size_t kLarge = 64 << 20;

TEST(HttpSlowClient, IdleConnectionIsClosed) {
  Served served({.limits = {.idle_timeout = 80ms}});
  RawClient client = served.Connect();
  EXPECT_TRUE(client.IsClosedWithin(5s));
}

// Goal: bytes that keep coming do not buy time. Method: one byte every few milliseconds.
TEST(HttpSlowClient, HeadByteByByteEndsWith408) {
  Served served({.limits = {.head_timeout = 200ms}});
  RawClient client = served.Connect();
  client.Send("GET / HTTP/1.1\r\nX: ");
  for (int i = 0; i < 1'000 && !client.IsReadableWithin(5ms); ++i) client.Send("x");
  EXPECT_EQ(StatusOf(client.ReadToEnd()), 408);
}

TEST(HttpSlowClient, BodySlowerThanTheRateEndsWith408AndHoldsNoWorker) {
  Served served({.limits = {.rate_grace = 150ms}});
  std::atomic<int> answered = 0;
  served.service().On("/", [&](HttpRequest) {
    ++answered;
    return Text("");
  });
  RawClient client = served.Connect();
  client.Send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 1000\r\n\r\nx");
  EXPECT_EQ(StatusOf(client.ReadToEnd()), 408);
  EXPECT_EQ(answered, 0);
}

TEST(HttpSlowClient, StreamedBodyThatStallsFailsTheHandlersRead) {
  Served served({.limits = {.buffered_body_bytes = 4, .rate_grace = 150ms}});
  std::atomic<int> failed = 0;
  served.service().On("/", [&](HttpRequest request) {
    const auto body = ReadAll(*request.body, 1 << 20);
    failed += !body && body.error().code == ErrorCode::kDeadline;
    return Text("");
  });
  RawClient client = served.Connect();
  client.Send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 1000\r\n\r\n12345678");
  EXPECT_EQ(StatusOf(client.ReadToEnd()), 408);
  EXPECT_EQ(failed, 1);
}

TEST(HttpSlowClient, TimeOfASlowHandlerIsNotTheClients) {
  Served served({.limits = {.buffered_body_bytes = 1'000, .rate_grace = 150ms}});
  served.service().On("/", [&](HttpRequest request) {
    std::this_thread::sleep_for(400ms);  // the client waits for room all the while
    return Text(std::to_string(ReadAll(*request.body, 1 << 20)->size()));
  });
  RawClient client = served.Connect();
  client.Send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 9000\r\n\r\n" +
              std::string(9'000, 'x'));
  EXPECT_EQ(BodyOf(client.ReadResponse()), "9000");
}

TEST(HttpSlowClient, ReaderThatTakesNothingIsDropped) {
  Served served({.limits = {.write_stall = 150ms}});
  served.service().On("/", [](HttpRequest) { return Text(std::string(kLarge, 'x')); });
  RawClient client = served.Connect();
  client.ShrinkReceiveBuffer();
  client.Send(kGet);
  while (served.server().counts().accepted == 0) std::this_thread::yield();
  const auto began = std::chrono::steady_clock::now();
  while (served.server().counts().open > 0 && std::chrono::steady_clock::now() - began < 5s) {
    std::this_thread::sleep_for(5ms);
  }
  EXPECT_EQ(served.server().counts().open, 0U);
  EXPECT_LT(client.ReadToEnd().size(), kLarge);
}

TEST(HttpSlowClient, StreamToAReaderThatTakesNothingStopsItsSource) {
  class Endless final : public ByteSource {
   public:
    explicit Endless(std::atomic<bool>& gone) : gone_(gone) {}
    ~Endless() override { gone_ = true; }
    Result<std::size_t> Read(std::span<std::byte> buffer) override { return buffer.size(); }

   private:
    std::atomic<bool>& gone_;
  };
  std::atomic<bool> gone = false;
  Served served({.limits = {.write_stall = 150ms}});
  served.service().On(
      "/", [&](HttpRequest) { return HttpResponse{.body = std::make_unique<Endless>(gone)}; });
  RawClient client = served.Connect();
  client.ShrinkReceiveBuffer();
  client.Send(kGet);
  const auto began = std::chrono::steady_clock::now();
  while (!gone && std::chrono::steady_clock::now() - began < 5s) std::this_thread::sleep_for(5ms);
  EXPECT_TRUE(gone);
}

TEST(HttpSlowClient, TrickleBelowTheRateIsDropped) {
  Served served({.limits = {.write_stall = 5s, .rate_grace = 200ms, .min_rate = 1 << 30}});
  served.service().On("/", [](HttpRequest) { return Text(std::string(kLarge, 'x')); });
  RawClient client = served.Connect();
  client.ShrinkReceiveBuffer();
  client.Send(kGet);
  std::size_t read = 0;
  for (std::string more = client.Read(); !more.empty(); more = client.Read()) {
    read += more.size();
    std::this_thread::sleep_for(2ms);
  }
  EXPECT_LT(read, kLarge);
}

TEST(HttpSlowClient, ClientThatLeavesCancelsItsRequest) {
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
  client.Close();
  while (!cancelled) std::this_thread::yield();
}

TEST(HttpSlowClient, HalfClosedClientStillGetsItsAnswer) {
  Served served;
  served.service().On("/", [&](HttpRequest) { return Text("here"); });
  RawClient client = served.Connect();
  client.Send(kGet);
  client.FinishSending();
  EXPECT_EQ(BodyOf(client.ReadToEnd()), "here");
}

}  // namespace
}  // namespace weir::net
