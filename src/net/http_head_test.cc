#include "net/http_head.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace weir::net {
namespace {

int StatusOf(std::string_view text, std::size_t max_fields = 64) {
  RequestHead head;
  std::size_t end = 0;
  if (const auto refusal = FindHeadEnd(text, end)) return refusal->status;
  if (end == 0) return 0;
  const auto refusal = ParseRequestHead(text.substr(0, end), max_fields, head);
  return refusal ? refusal->status : 200;
}

TEST(RequestHead, HoldsWhatTheRequestSays) {
  RequestHead head;
  ASSERT_FALSE(
      ParseRequestHead("POST /a/b?c=d HTTP/1.1\r\nHost: x\r\nContent-Length:  42 \r\n"
                       "Expect: 100-Continue\r\nX-Empty:\r\n\r\n",
                       64, head));
  EXPECT_EQ(head.method, "POST");
  EXPECT_EQ(head.target, "/a/b?c=d");
  EXPECT_EQ(head.length.content_length, 42U);
  EXPECT_TRUE(head.expects_continue);
  EXPECT_TRUE(head.keep_alive);
  EXPECT_EQ(head.Get("x-EMPTY"), "");
  EXPECT_EQ(head.Get("absent"), std::nullopt);
}

TEST(RequestHead, ConnectionLivesOnAsVersionAndFieldSay) {
  const auto keeps_alive = [](std::string_view version, std::string_view connection) {
    RequestHead head;
    const std::string text = "GET / " + std::string(version) +
                             "\r\nHost: x\r\nConnection: " + std::string(connection) + "\r\n\r\n";
    EXPECT_FALSE(ParseRequestHead(text, 64, head));
    return head.keep_alive;
  };
  EXPECT_TRUE(keeps_alive("HTTP/1.1", "x"));
  EXPECT_FALSE(keeps_alive("HTTP/1.1", "x, Close"));
  EXPECT_FALSE(keeps_alive("HTTP/1.0", "x"));
  EXPECT_TRUE(keeps_alive("HTTP/1.0", "keep-alive"));
}

struct Shape {
  std::string_view why;
  std::string_view text;
  int status;
};

// Every shape that two readers may take for different requests, and what is no HTTP at all.
constexpr Shape kShapes[] = {
    {"both lengths",
     "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
    {"both lengths, turned",
     "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n", 400},
    {"two lengths", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
     400},
    {"two equal lengths",
     "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", 400},
    {"length list", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1, 1\r\n\r\n", 400},
    {"length sign", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +1\r\n\r\n", 400},
    {"length minus", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400},
    {"length hex", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0x1\r\n\r\n", 400},
    {"length empty", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length:\r\n\r\n", 400},
    {"length huge", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
     400},
    {"two codings",
     "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: "
     "chunked\r\n\r\n",
     400},
    {"unknown coding", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
     501},
    {"identity", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: identity\r\n\r\n", 501},
    {"chunked twice", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, chunked\r\n\r\n",
     501},
    {"coding in 1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
    {"vertical tab before coding",
     "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: \x0b"
     "chunked\r\n\r\n",
     400},
    {"blank before colon", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length : 1\r\n\r\n", 400},
    {"folded line", "GET / HTTP/1.1\r\nHost: x\r\nX-A: b\r\n c\r\n\r\n", 400},
    {"first line folded", "GET / HTTP/1.1\r\n Host: x\r\n\r\n", 400},
    {"bare LF", "GET / HTTP/1.1\nHost: x\n\n", 400},
    {"one bare LF", "GET / HTTP/1.1\r\nHost: x\nX-A: b\r\n\r\n", 400},
    {"bare CR in a value", "GET / HTTP/1.1\r\nHost: x\r\nX-A: b\rc\r\n\r\n", 400},
    {"NUL in a value", {"GET / HTTP/1.1\r\nHost: x\r\nX-A: b\0c\r\n\r\n", 37}, 400},
    {"no colon", "GET / HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n", 400},
    {"empty name", "GET / HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n", 400},
    {"name with quote", "GET / HTTP/1.1\r\nHost: x\r\n\"a\": y\r\n\r\n", 400},
    {"absolute form", "GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n", 400},
    {"authority form", "CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n", 400},
    {"asterisk form", "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", 400},
    {"fragment", "GET /a#b HTTP/1.1\r\nHost: x\r\n\r\n", 400},
    {"blank in target", "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n", 400},
    {"two blanks", "GET  / HTTP/1.1\r\nHost: x\r\n\r\n", 400},
    {"tab", "GET\t/ HTTP/1.1\r\nHost: x\r\n\r\n", 400},
    {"raw byte in target", "GET /\xc3\xa9 HTTP/1.1\r\nHost: x\r\n\r\n", 400},
    {"no version", "GET /\r\nHost: x\r\n\r\n", 400},
    {"HTTP/2 preface", "PRI /x HTTP/2.0\r\n\r\n", 505},
    {"HTTP/1.2", "GET / HTTP/1.2\r\nHost: x\r\n\r\n", 505},
    {"lower-case version", "GET / http/1.1\r\nHost: x\r\n\r\n", 400},
    {"no host", "GET / HTTP/1.1\r\n\r\n", 400},
    {"two hosts", "GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n", 400},
    {"host with path", "GET / HTTP/1.1\r\nHost: x/y\r\n\r\n", 400},
    {"host with user", "GET / HTTP/1.1\r\nHost: a@x\r\n\r\n", 400},
    {"unknown expectation", "POST / HTTP/1.1\r\nHost: x\r\nExpect: miracles\r\n\r\n", 417},
    {"TLS bytes", {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n", 12}, 400},
    {"lone LF", "\n", 400},
};

TEST(RequestHead, AmbiguousShapesAreRefused) {
  for (const Shape& shape : kShapes) EXPECT_EQ(StatusOf(shape.text), shape.status) << shape.why;
}

TEST(RequestHead, TooManyFieldsAreRefused) {
  std::string text = "GET / HTTP/1.1\r\nHost: x\r\n";
  for (int i = 0; i < 4; ++i) text += "A: b\r\n";
  EXPECT_EQ(StatusOf(text + "\r\n", 5), 200);
  EXPECT_EQ(StatusOf(text + "\r\n", 4), 431);
}

// Goal: a head is the same whatever comes after it. Method: cut a valid one at every byte.
TEST(RequestHead, IsIncompleteUntilItsLastByte) {
  constexpr std::string_view kText = "GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n\r\n";
  for (std::size_t size = 0; size < kText.size(); ++size) {
    EXPECT_EQ(StatusOf(kText.substr(0, size)), 0) << size;
  }
  EXPECT_EQ(StatusOf(std::string(kText) + "GET /"), 200);
}

// Goal: what is accepted has one reading. Method: write the parsed head again, and parse that.
RC_GTEST_PROP(RequestHead, AcceptedBytesSurviveBeingWrittenAgain, (std::string noise)) {
  const auto at = *rc::gen::inRange<std::size_t>(0, 60);
  std::string text = "POST /a?b HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nA: b\r\n\r\n";
  text.replace(std::min(at, text.size()), std::min<std::size_t>(noise.size(), 3), noise);
  std::size_t end = 0;
  RequestHead head;
  if (FindHeadEnd(text, end) || end == 0) return;
  if (ParseRequestHead(text.substr(0, end), 64, head)) return;
  // Views go into a temporary above, so parse once more from text that stays.
  const std::string kept = text.substr(0, end);
  RC_ASSERT(!ParseRequestHead(kept, 64, head));
  std::string again = std::string(head.method) + " " + std::string(head.target) + " HTTP/1." +
                      std::to_string(head.minor_version) + "\r\n";
  for (const Field& field : head.fields) {
    again += std::string(field.name) + ": " + std::string(field.value) + "\r\n";
  }
  again += "\r\n";
  RequestHead second;
  RC_ASSERT(!ParseRequestHead(again, 64, second));
  RC_ASSERT(second.method == head.method);
  RC_ASSERT(second.target == head.target);
  RC_ASSERT(second.fields.size() == head.fields.size());
  RC_ASSERT(second.length.content_length == head.length.content_length);
  RC_ASSERT(second.length.chunked == head.length.chunked);
}

TEST(ResponseHead, ReadsStatusAndLength) {
  ResponseHead head;
  ASSERT_FALSE(ParseResponseHead("HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\n\r\n", 9, head));
  EXPECT_EQ(head.status, 404);
  EXPECT_EQ(head.length.content_length, 3U);
  ASSERT_FALSE(ParseResponseHead("HTTP/1.0 200\r\n\r\n", 9, head));
  EXPECT_FALSE(head.keep_alive);
  for (const std::string_view bad :
       {"HTTP/1.1 20 OK\r\n\r\n", "HTTP/2 200 OK\r\n\r\n", "ICY 200 OK\r\n\r\n",
        "HTTP/1.1 200OK\r\n\r\n", "HTTP/1.1 2x0 OK\r\n\r\n"}) {
    EXPECT_TRUE(ParseResponseHead(bad, 9, head)) << bad;
  }
}

}  // namespace
}  // namespace weir::net
