#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "net/testing/served.h"

namespace weir::net {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: t\r\n\r\n";

// Gives `content` in pieces of 1,000 bytes; knows its length only when told so.
class Pieces final : public ByteSource {
 public:
  Pieces(std::string content, bool has_size) : content_(std::move(content)), has_size_(has_size) {}

  Result<std::size_t> Read(std::span<std::byte> buffer) override {
    const std::size_t count = content_.copy(reinterpret_cast<char*>(buffer.data()),
                                            std::min<std::size_t>(buffer.size(), 1'000), at_);
    at_ += count;
    return count;
  }
  std::optional<std::uint64_t> Size() const override {
    return has_size_ ? std::optional<std::uint64_t>(content_.size()) : std::nullopt;
  }

 private:
  const std::string content_;
  const bool has_size_;
  std::size_t at_ = 0;
};

std::string Unchunk(std::string_view body) {
  std::string all;
  for (;;) {
    const std::size_t size = std::stoul(std::string(body), nullptr, 16);
    body.remove_prefix(body.find("\r\n") + 2);
    if (size == 0) return all;
    all += body.substr(0, size);
    body.remove_prefix(size + 2);
  }
}

TEST(HttpStream, SourceOfKnownLengthHasContentLength) {
  Served served;
  const std::string content(100'000, 'k');
  served.service().On("/", [&](HttpRequest) {
    return HttpResponse{.body = std::make_unique<Pieces>(content, true)};
  });
  RawClient client = served.Connect();
  for (int i = 0; i < 2; ++i) {
    client.Send(kGet);
    const std::string response = client.ReadResponse();
    EXPECT_NE(response.find("Content-Length: 100000\r\n"), std::string::npos);
    EXPECT_EQ(BodyOf(response), content);
  }
}

TEST(HttpStream, SourceOfUnknownLengthComesInChunks) {
  Served served;
  const std::string content(100'000, 'u');
  served.service().On("/", [&](HttpRequest) {
    return HttpResponse{.body = std::make_unique<Pieces>(content, false)};
  });
  RawClient client = served.Connect();
  for (int i = 0; i < 2; ++i) {
    client.Send(kGet);
    EXPECT_EQ(Unchunk(BodyOf(client.ReadResponse())), content);
  }
  RawClient old = served.Connect();
  old.Send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(BodyOf(old.ReadToEnd()), content);
}

TEST(HttpStream, HeadHasTheFieldsAndNoBody) {
  Served served;
  served.service().On("/", [&](HttpRequest request) {
    if (request.head.target == "/?s") {
      return HttpResponse{.body = std::make_unique<Pieces>("stream", true)};
    }
    return Text("text");
  });
  RawClient client = served.Connect();
  client.Send("HEAD / HTTP/1.1\r\nHost: t\r\n\r\nHEAD /?s HTTP/1.1\r\nHost: t\r\n\r\n");
  const std::string text = client.ReadUntil("\r\n\r\n");
  EXPECT_NE(text.find("Content-Length: 4\r\n"), std::string::npos);
  const std::string stream = client.ReadUntil("\r\n\r\n");
  EXPECT_TRUE(stream.starts_with("HTTP/1.1 200 OK\r\n")) << stream;
  EXPECT_NE(stream.find("Content-Length: 6\r\n"), std::string::npos);
}

TEST(HttpStream, SourceThatFailsAtOnceIsAProperError) {
  class Failing final : public ByteSource {
   public:
    Result<std::size_t> Read(std::span<std::byte>) override { return NotFound("the object"); }
  };
  Served served;
  served.service().On(
      "/", [&](HttpRequest) { return HttpResponse{.body = std::make_unique<Failing>()}; });
  RawClient client = served.Connect();
  client.Send(kGet);
  EXPECT_EQ(StatusOf(client.ReadResponse()), 404);
}

TEST(HttpStream, SourceShorterThanItsLengthBreaksTheConnection) {
  class Short final : public ByteSource {
   public:
    Result<std::size_t> Read(std::span<std::byte>) override {
      return ++reads_ == 1 ? std::size_t{10} : std::size_t{0};
    }
    std::optional<std::uint64_t> Size() const override { return 20; }

   private:
    int reads_ = 0;
  };
  Served served;
  served.service().On("/",
                      [&](HttpRequest) { return HttpResponse{.body = std::make_unique<Short>()}; });
  RawClient client = served.Connect();
  client.Send(kGet);
  EXPECT_LT(BodyOf(client.ReadToEnd()).size(), 20U);
}

TEST(HttpStream, ExpectingClientIsToldToGoOnWhenTheHandlerReads) {
  Served served;
  served.service().On("/", [&](HttpRequest request) {
    return Text(request.body ? ReadAll(*request.body, 100).value() : "none");
  });
  RawClient client = served.Connect();
  client.Send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.ReadUntil("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.Send("hello");
  EXPECT_EQ(BodyOf(client.ReadResponse()), "hello");
  client.Send(kGet);
  EXPECT_EQ(BodyOf(client.ReadResponse()), "none");
}

TEST(HttpStream, ExpectingClientIsNotAskedForABodyNobodyReads) {
  Served served;
  served.service().On("/", [&](HttpRequest) { return Text("sign in first", 401); });
  RawClient client = served.Connect();
  client.Send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
  const std::string response = client.ReadToEnd();
  EXPECT_EQ(StatusOf(response), 401);
  EXPECT_NE(response.find("Connection: close"), std::string::npos);
}

TEST(HttpStream, EarlyAnswerReachesAClientThatStillSends) {
  Served served({.limits = {.buffered_body_bytes = 1'000}});
  served.service().On("/", [&](HttpRequest) { return Text("too early", 403); });
  RawClient client = served.Connect();
  client.Send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 10000000\r\n\r\n");
  std::thread sender([&] {
    while (client.Send(std::string(1'000, 'x'))) {
    }
  });
  EXPECT_EQ(StatusOf(client.ReadUntil("too early")), 403);
  client.FinishSending();
  sender.join();
}

// Says what it is told to, when it is told to.
struct Mouth {
  std::mutex mutex;
  std::string words;
  bool ended = false;
  std::function<void()> ready;
  std::atomic<bool> gone = false;

  void Say(std::string_view text, bool last = false) {
    std::function<void()> tell;
    {
      const std::lock_guard lock(mutex);
      words += text;
      ended = last;
      tell = ready;
    }
    if (tell) tell();
  }
};

class Speech final : public PushSource {
 public:
  explicit Speech(std::shared_ptr<Mouth> mouth) : mouth_(std::move(mouth)) {}
  ~Speech() override { mouth_->gone = true; }

  Pushed Poll() override {
    const std::lock_guard lock(mouth_->mutex);
    return {std::exchange(mouth_->words, {}), mouth_->ended};
  }
  void OnReady(std::function<void()> ready) override {
    const std::lock_guard lock(mouth_->mutex);
    mouth_->ready = std::move(ready);
  }
  std::string_view heartbeat() const override { return "<beat>"; }
  std::string_view farewell() const override { return "<bye>"; }

 private:
  const std::shared_ptr<Mouth> mouth_;
};

class HttpPush : public testing::Test {
 protected:
  void Start(HttpLimits limits) {
    served_ = std::make_unique<Served>(HttpServer::Options{.limits = limits});
    served_->service().On("/", [this](HttpRequest) {
      return HttpResponse{.body = std::make_unique<Speech>(mouth_)};
    });
  }

  std::shared_ptr<Mouth> mouth_ = std::make_shared<Mouth>();
  std::unique_ptr<Served> served_;
};

TEST_F(HttpPush, BytesComeWhenTheyAreThere) {
  Start({});
  RawClient client = served_->Connect();
  client.Send(kGet);
  client.ReadUntil("\r\n\r\n");
  mouth_->Say("one");
  EXPECT_EQ(client.ReadUntil("one\r\n"), "3\r\none\r\n");
  mouth_->Say("last", true);
  EXPECT_EQ(client.ReadUntil("0\r\n\r\n"), "4\r\nlast\r\n0\r\n\r\n");
  client.Send(kGet);
  EXPECT_EQ(StatusOf(client.ReadUntil("\r\n\r\n")), 200);
}

TEST_F(HttpPush, SilenceIsFilledWithHeartbeats) {
  Start({.heartbeat = 60ms});
  RawClient client = served_->Connect();
  client.Send(kGet);
  client.ReadUntil("<beat>");
  client.ReadUntil("<beat>");
}

TEST_F(HttpPush, SourceEndsWhenTheClientLeaves) {
  Start({});
  RawClient client = served_->Connect();
  client.Send(kGet);
  client.ReadUntil("\r\n\r\n");
  client.Close();
  while (!mouth_->gone) std::this_thread::yield();
  mouth_->Say("to nobody");
}

TEST_F(HttpPush, ClientThatDoesNotReadIsDropped) {
  Start({.write_stall = 150ms});
  RawClient client = served_->Connect();
  client.ShrinkReceiveBuffer();
  client.Send(kGet);
  const auto began = std::chrono::steady_clock::now();
  while (!mouth_->gone && std::chrono::steady_clock::now() - began < 9s) {
    mouth_->Say(std::string(1 << 20, 'x'));
    std::this_thread::sleep_for(2ms);
  }
  EXPECT_TRUE(mouth_->gone);
}

TEST_F(HttpPush, DrainEndsTheStreamWithAFarewell) {
  Start({});
  RawClient client = served_->Connect();
  client.Send(kGet);
  client.ReadUntil("\r\n\r\n");
  std::thread drain([&] { EXPECT_TRUE(served_->server().Drain(5s)); });
  const std::string end = client.ReadToEnd();
  drain.join();
  EXPECT_EQ(end, "5\r\n<bye>\r\n0\r\n\r\n");
}

}  // namespace
}  // namespace weir::net
