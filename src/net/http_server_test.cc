#include "net/http_server.h"

#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "base/testing/matchers.h"
#include "base/testing/temp_dir.h"
#include "net/testing/served.h"

namespace weir::net {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: test\r\n\r\n";

std::string Post(std::string_view path, std::string_view body) {
  return fmt::format("POST {} HTTP/1.1\r\nHost: test\r\nContent-Length: {}\r\n\r\n{}", path,
                     body.size(), body);
}

HttpResponse Echo(HttpRequest request) {
  if (request.body == nullptr) return Text("");
  return Text(ReadAll(*request.body, 64 << 20).value());
}

TEST(HttpServer, AnswersOnAWorkerAndOnTheIoThread) {
  Served served;
  std::thread::id worker;
  served.service().On("/", [&](HttpRequest) {
    worker = std::this_thread::get_id();
    return Text("pooled");
  });
  std::thread::id io;
  served.service().OnCheap("/cheap", [&](HttpRequest) {
    io = std::this_thread::get_id();
    return Text("inline");
  });
  RawClient client = served.Connect();
  client.Send(kGet);
  EXPECT_EQ(BodyOf(client.ReadResponse()), "pooled");
  client.Send("GET /cheap?x=1 HTTP/1.1\r\nHost: test\r\n\r\n");
  EXPECT_EQ(BodyOf(client.ReadResponse()), "inline");
  EXPECT_NE(worker, io);
}

TEST(HttpServer, AnswersPipelinedRequestsInOrder) {
  Served served;
  served.service().On("/a", [](HttpRequest) { return Text("A"); });
  served.service().OnCheap("/b", [](HttpRequest) { return Text("B"); });
  RawClient client = served.Connect();
  client.Send(
      "GET /a HTTP/1.1\r\nHost: t\r\n\r\nGET /b HTTP/1.1\r\nHost: t\r\n\r\n"
      "GET /a HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(BodyOf(client.ReadResponse()), "A");
  EXPECT_EQ(BodyOf(client.ReadResponse()), "B");
  EXPECT_EQ(BodyOf(client.ReadToEnd()), "A");
}

TEST(HttpServer, EchoesABodyOfAnySize) {
  Served served;
  served.service().On("/echo", Echo);
  for (const std::size_t size : {1UL, 1000UL, 256UL << 10, 5UL << 20}) {
    SCOPED_TRACE(size);
    std::string body(size, 'x');
    for (std::size_t i = 0; i < size; i += 97) body[i] = static_cast<char>('a' + i % 26);
    RawClient client = served.Connect();
    std::thread sender([&] { client.Send(Post("/echo", body)); });
    const std::string response = client.ReadResponse();
    sender.join();
    EXPECT_EQ(StatusOf(response), 200);
    EXPECT_EQ(BodyOf(response), body);
  }
}

TEST(HttpServer, TakesAChunkedBodyThatComesByteByByte) {
  Served served;
  served.service().On("/echo", Echo);
  RawClient client = served.Connect();
  for (const char c :
       std::string_view("POST /echo HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: "
                        "chunked\r\n\r\n5;x=y\r\nhello\r\n1\r\n!\r\n0\r\nT: v\r\n\r\n")) {
    client.Send(std::string_view(&c, 1));
  }
  EXPECT_EQ(BodyOf(client.ReadResponse()), "hello!");
  client.Send(Post("/echo", "next"));
  EXPECT_EQ(BodyOf(client.ReadResponse()), "next");
}

}  // namespace
}  // namespace weir::net
