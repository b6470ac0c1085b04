#include "wire/http/http_door.h"

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <mutex>
#include <thread>

#include "base/testing/matchers.h"
#include "base/testing/temp_dir.h"
#include "base/uuid.h"
#include "net/http_client.h"
#include "net/server_tls.h"
#include "net/testing/raw_client.h"
#include "wire/http/packer.h"
#include "wire/http/static_files.h"
#include "wire/http/unpacker.h"

namespace weir::http {
namespace {

using namespace std::chrono_literals;
using net::HttpClient;

// Handlers made of functions, one for each path.
class FakeHandler final : public api::Handler {
 public:
  using Call = std::function<api::Response(const Context&, api::Request)>;

  void On(std::string path, Call call) { calls_[std::move(path)] = std::move(call); }

  api::Response Handle(const Context& context, api::Request request) override {
    const auto call = calls_.find(request.path);
    if (call == calls_.end()) return {.status = 404, .route = "(none)"};
    return call->second(context, std::move(request));
  }
  bool Cheap(api::Method, std::string_view path) const override {
    return path.starts_with("/cheap");
  }

 private:
  std::map<std::string, Call, std::less<>> calls_;
};

api::Response Text(std::string body, std::string type = "text/plain") {
  return {.headers = {{"Content-Type", std::move(type)}}, .body = std::move(body)};
}

class HttpDoorTest : public testing::Test {
 protected:
  void Open(HttpDoorOptions options = {}) {
    auto door = HttpDoor::Open(std::move(options), Parts());
    ASSERT_TRUE(IsOk(door));
    door_ = std::move(*door);
  }

  ~HttpDoorTest() override {
    if (door_ != nullptr) door_->Stop();
    workers_.Stop(WorkerPool::StopMode::kDrop);
  }

  HttpDoor::Parts Parts() { return {io_threads_, workers_, handler_, *log_, metrics_}; }

  net::Address Where() const { return door_->addresses().front(); }

  Result<HttpClient::Response> Send(HttpClient::Request request, std::string target = "/") {
    request.url.endpoint.address = Where();
    request.url.target = std::move(target);
    return client_.Send(Context::Background().WithTimeout(10s), std::move(request));
  }

  static std::string Body(HttpClient::Response& response) {
    return ReadAll(*response.body, 64 << 20).value();
  }

  // Waits for a line of the log that holds `text`: it is written after the answer is sent.
  std::string LogLine(std::string_view text) {
    for (;;) {
      {
        const std::lock_guard lock(log_mutex_);
        for (const std::string& line : log_lines_) {
          if (line.find(text) != std::string::npos) return line;
        }
      }
      std::this_thread::yield();
    }
  }

  std::mutex log_mutex_;
  std::vector<std::string> log_lines_;
  std::unique_ptr<Logger> log_ =
      Logger::ToFunction(LogLevel::kDebug, LogFormat::kJson, [this](std::string_view line) {
        const std::lock_guard lock(log_mutex_);
        log_lines_.emplace_back(line);
      });
  MetricRegistry metrics_;
  net::IoThreads io_threads_{2};
  WorkerPool workers_{{.threads = 2}, *log_};
  FakeHandler handler_;
  HttpClient client_{{}};
  std::unique_ptr<HttpDoor> door_;
};

TEST_F(HttpDoorTest, HandlerSeesTheRequestAsAValue) {
  Open();
  handler_.On("/a%20b", [](const Context&, api::Request request) {
    EXPECT_EQ(request.method, api::Method::kPut);
    EXPECT_EQ(request.Query("q"), "1 2");
    EXPECT_EQ(request.headers.Get("authorization"), "Bearer secret");
    EXPECT_EQ(request.door, api::Door::kNetwork);
    EXPECT_TRUE(request.peer.starts_with("127.0.0.1:"));
    EXPECT_EQ(ReadAll(*request.body, 100).value(), "content");
    return api::Response{.status = 201, .headers = {{"Location", "/x"}}, .body = std::string("ok")};
  });
  auto got = Send({.method = "PUT",
                   .fields = {{"Authorization", "Bearer secret"}},
                   .body = SourceOf("content")},
                  "/a%20b?q=1+2");
  ASSERT_TRUE(IsOk(got));
  EXPECT_EQ(got->status, 201);
  EXPECT_EQ(got->Field("Location"), "/x");
  EXPECT_EQ(Body(*got), "ok");
}

TEST_F(HttpDoorTest, SocketOfTheHomeIsItsOwnDoor) {
  const TempDir dir;
  Open({.listen = {}, .socket = dir / "weir.sock"});
  handler_.On("/", [](const Context&, api::Request request) {
    EXPECT_EQ(request.door, api::Door::kSocket);
    return Text("owner");
  });
  auto got = Send({});
  ASSERT_TRUE(IsOk(got));
  EXPECT_EQ(Body(*got), "owner");
}

TEST_F(HttpDoorTest, EveryAnswerHasTheSecurityHeadersAndNoLineOfAnotherOne) {
  Open();
  handler_.On("/", [](const Context&, api::Request) {
    return api::Response{.headers = {{"Content-Security-Policy", "default-src 'none'"},
                                     {"X-Evil", "a\r\nSet-Cookie: b"},
                                     {"Bad Name", "x"},
                                     {"Transfer-Encoding", "chunked"}}};
  });
  for (const char* target : {"/", "/absent"}) {
    auto got = Send({}, target);
    ASSERT_TRUE(IsOk(got));
    EXPECT_EQ(got->Field("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(got->Field("Referrer-Policy"), "no-referrer");
    EXPECT_EQ(got->Field("Cross-Origin-Opener-Policy"), "same-origin");
    EXPECT_EQ(got->Field("X-Frame-Options"), "DENY");
    EXPECT_NE(got->Field("Content-Security-Policy"), "");
    EXPECT_EQ(got->Field("Strict-Transport-Security"), "") << "only over TLS";
    EXPECT_EQ(got->Field("Set-Cookie"), "");
    EXPECT_EQ(got->Field("Transfer-Encoding"), "");
  }
  auto own = Send({});
  EXPECT_EQ(own->Field("Content-Security-Policy"), "default-src 'none'");
}

TEST_F(HttpDoorTest, RequestIdIsTheClientsWhenItIsSane) {
  Open();
  std::string seen;
  handler_.On("/", [&](const Context& context, api::Request) {
    seen = context.request_id();
    return Text("");
  });
  auto named = Send({.fields = {{"X-Request-Id", "build-42.a_b"}}});
  EXPECT_EQ(named->Field("X-Request-Id"), "build-42.a_b");
  EXPECT_EQ(seen, "build-42.a_b");
  for (const std::string& id :
       {std::string("a b"), std::string("<script>"), std::string(65, 'x')}) {
    auto made = Send({.fields = {{"X-Request-Id", id}}});
    EXPECT_NE(made->Field("X-Request-Id"), id);
    EXPECT_EQ(made->Field("X-Request-Id"), seen);
    EXPECT_TRUE(IsOk(Uuid::Parse(seen)));
  }
}

TEST_F(HttpDoorTest, TraceGoesOnUnderASpanOfOurs) {
  Open();
  TraceContext seen;
  handler_.On("/", [&](const Context& context, api::Request) {
    seen = context.trace();
    return Text("");
  });
  const std::string parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  ASSERT_TRUE(IsOk(Send({.fields = {{"traceparent", parent}}})));
  EXPECT_EQ(seen.trace_id, TraceContext::Parse(parent)->trace_id);
  EXPECT_NE(seen.parent_id, TraceContext::Parse(parent)->parent_id);
  EXPECT_TRUE(seen.sampled);
  ASSERT_TRUE(IsOk(Send({.fields = {{"traceparent", "00-nonsense"}}})));
  EXPECT_FALSE(seen.ToHeader().empty()) << "a new trace";
}

TEST_F(HttpDoorTest, DeadlineIsTheClientsUpToTheLongestAllowed) {
  Open({.default_timeout = 10s, .max_timeout = 20s});
  std::chrono::duration<double> left{};
  handler_.On("/", [&](const Context& context, api::Request) {
    left = context.Remaining(1h);
    return Text("");
  });
  const auto seconds = [&](const char* timeout) {
    HttpClient::Request request;
    if (*timeout != '\0') request.fields = {{"Request-Timeout", timeout}};
    EXPECT_EQ(Send(std::move(request))->status, 200);
    return left.count();
  };
  EXPECT_NEAR(seconds(""), 10, 1);
  EXPECT_NEAR(seconds("2.5"), 2.5, 1);
  EXPECT_NEAR(seconds("500000000000"), 20, 1);
  for (const char* bad : {"0", "-1", "soon", "1e3", "inf", "nan"}) {
    EXPECT_EQ(Send({.fields = {{"Request-Timeout", bad}}})->status, 400) << bad;
  }
}

TEST_F(HttpDoorTest, WhatIsNoRequestGetsAProblem) {
  Open();
  net::RawClient client(Where());
  client.Send("GET / HTTP/1.1\r\nHost: t\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n");
  const std::string answer = client.ReadToEnd();
  EXPECT_EQ(net::StatusOf(answer), 400);
  EXPECT_NE(answer.find("Content-Type: application/problem+json\r\n"), std::string::npos);
  EXPECT_NE(answer.find("X-Request-Id: "), std::string::npos);
  EXPECT_NE(answer.find("\"code\":\"invalid\""), std::string::npos);
  EXPECT_NE(answer.find("Content-Length stands twice"), std::string::npos);
  for (const auto& [target, status] : {std::pair{"/%zz", 400}, {"/../x", 400}}) {
    auto got = Send({}, target);
    EXPECT_EQ(got->status, status) << target;
    EXPECT_EQ(got->Field("Content-Type"), "application/problem+json");
  }
  EXPECT_EQ(Send({.method = "BREW"})->status, 501);
}

TEST_F(HttpDoorTest, TextIsPackedForThoseWhoTakeIt) {
  Open();
  const std::string text(20'000, 'p');
  handler_.On("/cheap/text", [&](const Context&, api::Request) { return Text(text); });
  handler_.On("/tiny", [&](const Context&, api::Request) { return Text("tiny"); });
  handler_.On("/png", [&](const Context&, api::Request) { return Text(text, "image/png"); });
  handler_.On("/stream", [&](const Context&, api::Request) {
    api::Response response = Text("", "application/json");
    response.body = SourceOf(text);
    return response;
  });
  for (const Coding coding : {Coding::kGzip, Coding::kZstd}) {
    const HttpClient::Fields fields = {{"Accept-Encoding", std::string(NameOf(coding))}};
    for (const char* target : {"/cheap/text", "/stream"}) {
      auto got = Send({.fields = fields}, target);
      EXPECT_EQ(got->Field("Content-Encoding"), NameOf(coding)) << target;
      EXPECT_EQ(got->Field("Vary"), "Accept-Encoding");
      const std::string packed = Body(*got);
      EXPECT_LT(packed.size(), 1'000U);
      EXPECT_EQ(ReadAll(*Unpacked(SourceOf(packed), coding, 1000), 1 << 20).value(), text);
    }
    for (const char* target : {"/tiny", "/png"}) {
      EXPECT_EQ(Send({.fields = fields}, target)->Field("Content-Encoding"), "") << target;
    }
  }
  auto plain = Send({}, "/cheap/text");
  EXPECT_EQ(plain->Field("Vary"), "Accept-Encoding");
  EXPECT_EQ(Body(*plain), text);
}

TEST_F(HttpDoorTest, TagOfAPackedAnswerIsItsOwnAndComesBackPlain) {
  Open();
  std::string match;
  handler_.On("/", [&](const Context&, api::Request request) {
    match = request.headers.Get("If-None-Match").value_or("");
    api::Response response = Text(std::string(2'000, 'e'));
    response.headers.Set("ETag", "\"v7\"");
    if (match == "\"v7\"") response = {.status = 304, .headers = {{"ETag", "\"v7\""}}};
    return response;
  });
  const auto tag = [&](HttpClient::Fields fields) {
    return std::string(Send({.fields = std::move(fields)})->Field("ETag"));
  };
  EXPECT_EQ(tag({}), "\"v7\"");
  EXPECT_EQ(tag({{"Accept-Encoding", "gzip"}}), "\"v7+gzip\"");
  EXPECT_EQ(tag({{"Accept-Encoding", "gzip"}, {"If-None-Match", "\"v7+gzip\""}}), "\"v7+gzip\"");
  EXPECT_EQ(match, "\"v7\"");
}

TEST_F(HttpDoorTest, PackedRequestIsUnpackedAndABombIsNot) {
  Open();
  Result<std::string> read = std::string();
  handler_.On("/", [&](const Context&, api::Request request) {
    EXPECT_EQ(request.headers.Get("Content-Encoding"), std::nullopt);
    read = ReadAll(*request.body, 1 << 30);
    return Text("");
  });
  const auto post = [&](std::string body, const char* coding) {
    return Send({.method = "POST",
                 .fields = {{"Content-Encoding", coding}},
                 .body = SourceOf(std::move(body))})
        ->status;
  };
  EXPECT_EQ(post(Pack("packed text", Coding::kZstd, Effort::kFast), "zstd"), 200);
  EXPECT_EQ(read.value(), "packed text");
  EXPECT_EQ(post(Pack("packed text", Coding::kGzip, Effort::kFast), "gzip"), 200);
  EXPECT_EQ(read.value(), "packed text");
  post(Pack(std::string(100 << 20, 'x'), Coding::kGzip, Effort::kFast), "gzip");
  EXPECT_EQ(CodeOf(read), ErrorCode::kExhausted);
  post("no gzip", "gzip");
  EXPECT_EQ(CodeOf(read), ErrorCode::kInvalid);
  EXPECT_EQ(post("x", "br"), 415);
}

TEST_F(HttpDoorTest, EventsComeAsAStreamThatEndsWithItsError) {
  class Two final : public api::EventSource {
   public:
    Result<std::vector<api::Event>> Poll() override {
      if (polls_++ > 0) return Exhausted("too far behind\n");
      return std::vector<api::Event>{{.type = "change", .id = "7\n8", .data = "{\"a\":1}\nline 2"},
                                     {.data = ""}};
    }
    void OnReady(std::function<void()> ready) override { ready(); }

   private:
    int polls_ = 0;
  };
  Open();
  handler_.On("/", [](const Context&, api::Request) {
    return api::Response{.body = std::make_unique<Two>()};
  });
  auto got = Send({.fields = {{"Accept-Encoding", "gzip"}}});
  EXPECT_EQ(got->Field("Content-Type"), "text/event-stream");
  EXPECT_EQ(got->Field("Content-Encoding"), "");
  EXPECT_EQ(Body(*got),
            "event: change\nid: 78\ndata: {\"a\":1}\ndata: line 2\n\ndata: \n\n"
            "event: error\ndata: {\"code\":\"exhausted\",\"message\":\"too far behind\\n\"}\n\n");
}

TEST_F(HttpDoorTest, LogAndMetricsSayWhatHappenedByRouteNotByPath) {
  Open();
  handler_.On("/api/things/7", [](const Context&, api::Request) {
    api::Response response = Text("seven");
    response.route = "/api/things/{id}";
    return response;
  });
  ASSERT_TRUE(IsOk(Send({.fields = {{"X-Request-Id", "id-1"}}}, "/api/things/7?secret=x")));
  const std::string line = LogLine("id-1");
  for (const std::string_view part :
       {"\"event\":\"http_request\"", "\"method\":\"GET\"", "\"route\":\"/api/things/{id}\"",
        "\"status\":200", "\"bytes\":5", "\"peer\":\"127.0.0.1:", "\"whole\":true"}) {
    EXPECT_NE(line.find(part), std::string::npos) << part << " in " << line;
  }
  EXPECT_EQ(line.find("secret"), std::string::npos);
  const std::string page = metrics_.Expose();
  EXPECT_NE(page.find("weir_http_requests_total{method=\"GET\",route=\"/api/things/{id}\","
                      "status=\"200\"} 1"),
            std::string::npos)
      << page;
  EXPECT_NE(page.find("weir_http_request_seconds_count{route=\"/api/things/{id}\"} 1"),
            std::string::npos);
  // How many are open now depends on when the client's own end closes; how many came does not.
  EXPECT_NE(page.find("\nweir_http_connections "), std::string::npos);
  EXPECT_NE(page.find("\"accepted\"} 1"), std::string::npos) << page;
}

TEST_F(HttpDoorTest, StaticFilesAreAnsweredBeforeTheHandler) {
  const StaticFiles files("/app/", {{.name = "a.js", .content = std::string(5'000, 'j')}});
  Open({.static_files = &files});
  auto got = Send({.fields = {{"Accept-Encoding", "zstd"}}}, "/app/a.js");
  EXPECT_EQ(got->status, 200);
  EXPECT_EQ(got->Field("Content-Encoding"), "zstd");
  const std::string tag(got->Field("ETag"));
  EXPECT_TRUE(tag.ends_with("+zstd\"")) << tag;
  Body(*got);
  auto again = Send({.fields = {{"Accept-Encoding", "zstd"}, {"If-None-Match", tag}}}, "/app/a.js");
  EXPECT_EQ(again->status, 304);
  EXPECT_EQ(again->Field("ETag"), tag);
  EXPECT_EQ(Send({}, "/app/b.js")->status, 404);
}

TEST_F(HttpDoorTest, ListeningBeyondLoopbackNeedsTls) {
  for (const char* host : {"0.0.0.0", "::", "weir.example"}) {
    HttpDoorOptions options{.listen = {{.host = host, .port = 0}}};
    const auto door = HttpDoor::Open(options, Parts());
    ASSERT_EQ(CodeOf(door), ErrorCode::kInvalid) << host;
    EXPECT_NE(door.error().message.find("without TLS"), std::string::npos);
    options.tls = {.certificate = "c", .private_key = "k"};
    EXPECT_TRUE(IsOk(Validate(options)));
  }
  EXPECT_EQ(CodeOf(Validate({.listen = {}})), ErrorCode::kInvalid);
}

TEST_F(HttpDoorTest, RenewedCertificateIsServedWithoutARestart) {
  const TempDir dir;
  const net::TlsFiles files{dir / "cert.pem", dir / "key.pem"};
  ASSERT_TRUE(IsOk(net::MakeSelfSignedPair(files, {"localhost"}, PosixFiles())));
  Open({.tls = files, .tls_check_interval = 5ms});
  handler_.On("/", [](const Context&, api::Request) { return Text("tls"); });
  const auto get = [&] {
    HttpClient client({.tls = net::ClientTls::Open(files.certificate).value()});
    const net::Endpoint endpoint{{.host = "localhost", .port = Where().port}, true};
    return client.Send(Context::Background().WithTimeout(10s), {.url = {.endpoint = endpoint}});
  };
  auto first = get();
  ASSERT_TRUE(IsOk(first));
  EXPECT_EQ(first->Field("Strict-Transport-Security"), "max-age=31536000");
  ASSERT_TRUE(IsOk(net::MakeSelfSignedPair(files, {"localhost"}, PosixFiles())));
  LogLine("tls_reloaded");
  EXPECT_TRUE(IsOk(get()));
  ASSERT_TRUE(IsOk(PosixFiles().WriteDurably(files.private_key, AsBytes("broken"), 0600)));
  LogLine("tls_reload_failed");
  EXPECT_TRUE(IsOk(get())) << "the old pair stays";
}

TEST_F(HttpDoorTest, DrainLetsARequestFinish) {
  Open();
  std::atomic<bool> began = false;
  std::atomic<bool> go = false;
  handler_.On("/", [&](const Context&, api::Request) {
    began = true;
    while (!go) std::this_thread::sleep_for(1ms);
    return Text("finished");
  });
  std::thread asker([&] {
    auto got = Send({});
    ASSERT_TRUE(IsOk(got));
    EXPECT_EQ(Body(*got), "finished");
  });
  while (!began) std::this_thread::yield();
  std::thread drainer([&] { EXPECT_TRUE(IsOk(door_->Drain(10s))); });
  go = true;
  asker.join();
  drainer.join();
}

}  // namespace
}  // namespace weir::http
