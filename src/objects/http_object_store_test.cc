#include "objects/http_object_store.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/matchers.h"
#include "net/allowed_networks.h"
#include "objects/testing/scripted_server.h"

namespace weir::objects {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

const Context kContext = Context::Background().WithTimeout(30s);

std::string Answer(std::string_view status, std::string_view body, std::string_view fields = "") {
  return fmt::format("HTTP/1.1 {}\r\nContent-Length: {}\r\nConnection: close\r\n{}\r\n{}", status,
                     body.size(), fields, body);
}

std::unique_ptr<ObjectStore> StoreAt(const std::string& url, ObjectStoreOptions options = {}) {
  options.max_attempts = 3;
  options.stall_timeout = 200ms;
  return OpenObjectStore(url, options).value();
}

// What the first line of a request asks for.
std::string TargetOf(const std::string& request) {
  const std::size_t begin = request.find(' ') + 1;
  return request.substr(begin, request.find(' ', begin) - begin);
}

TEST(HttpObjectStore, ReadsBelowItsAddress) {
  std::string asked;
  ScriptedServer server([&](int, const std::string& request) {
    asked = TargetOf(request);
    return Answer("200 OK", "hello");
  });
  const auto store = StoreAt(server.endpoint() + "/a/b/");
  EXPECT_EQ(store->GetAll(kContext, "data/x y", 10).value(), "hello");
  EXPECT_EQ(asked, "/a/b/data/x%20y");
}

TEST(HttpObjectStore, ReadsRangesOfServersThatKnowThemAndOfThoseThatDoNot) {
  for (const bool knows_ranges : {true, false}) {
    ScriptedServer server([&](int, const std::string& request) {
      if (!knows_ranges) return Answer("200 OK", "0123456789");
      EXPECT_THAT(request, HasSubstr("Range: bytes=3-6"));
      return Answer("206 Partial Content", "3456", "Content-Range: bytes 3-6/10\r\n");
    });
    const auto store = StoreAt(server.endpoint());
    const auto source = store->Get(kContext, "k", {.offset = 3, .length = 4});
    ASSERT_TRUE(IsOk(source));
    EXPECT_EQ((*source)->Size(), 4u);
    EXPECT_EQ(ReadAll(**source, 10).value(), "3456");
  }
}

TEST(HttpObjectStore, WhatLiesBeyondTheEndIsLeftOut) {
  ScriptedServer server([&](int, const std::string&) {
    return Answer("416 Range Not Satisfiable", "", "Content-Range: bytes */10\r\n");
  });
  const auto store = StoreAt(server.endpoint());
  EXPECT_EQ(ReadAll(*store->Get(kContext, "k", {.offset = 12}).value(), 10).value(), "");
}

TEST(HttpObjectStore, TellsSizeAndTime) {
  ScriptedServer server([&](int, const std::string&) {
    return "HTTP/1.1 200 OK\r\nContent-Length: 7\r\nLast-Modified: Sun, 06 Nov 1994 08:49:37 "
           "GMT\r\n"
           "Connection: close\r\n\r\n";
  });
  const auto info = StoreAt(server.endpoint())->Stat(kContext, "k");
  ASSERT_TRUE(IsOk(info));
  EXPECT_EQ(info->size, 7u);
  EXPECT_EQ(info->modified, ParseTimestamp("1994-11-06T08:49:37Z").value());
}

TEST(HttpObjectStore, TriesAgainWhatTheServerFailed) {
  ScriptedServer server([&](int index, const std::string&) -> std::optional<std::string> {
    if (index == 0) return Answer("503 Slow Down", "");
    if (index == 1) return std::nullopt;  // a stall
    return Answer("200 OK", "hello");
  });
  EXPECT_EQ(StoreAt(server.endpoint())->GetAll(kContext, "k", 10).value(), "hello");
  EXPECT_EQ(server.requests(), 3);
}

TEST(HttpObjectStore, GivesUpAfterItsAttempts) {
  ScriptedServer server([&](int, const std::string&) { return Answer("500 Oh", ""); });
  const auto got = StoreAt(server.endpoint())->GetAll(kContext, "k", 10);
  EXPECT_EQ(CodeOf(got), ErrorCode::kUnavailable);
  EXPECT_EQ(server.requests(), 3);
}

TEST(HttpObjectStore, GoesOnWhereATransferBrokeOff) {
  const std::string content = "0123456789";
  ScriptedServer server([&](int index, const std::string& request) {
    if (index == 0) {  // half of what was promised
      return std::string("HTTP/1.1 200 OK\r\nContent-Length: 10\r\nETag: \"v1\"\r\n\r\n01234");
    }
    EXPECT_THAT(request, HasSubstr("Range: bytes=5-"));
    return Answer("206 Partial Content", "56789",
                  "ETag: \"v1\"\r\nContent-Range: bytes 5-9/10\r\n");
  });
  EXPECT_EQ(StoreAt(server.endpoint())->GetAll(kContext, "k", 10).value(), content);
}

TEST(HttpObjectStore, NeverJoinsTwoVersions) {
  ScriptedServer server([&](int index, const std::string&) {
    if (index == 0) {
      return std::string("HTTP/1.1 200 OK\r\nContent-Length: 10\r\nETag: \"v1\"\r\n\r\n01234");
    }
    return Answer("200 OK", "abcdefghij", "ETag: \"v2\"\r\n");
  });
  EXPECT_EQ(CodeOf(StoreAt(server.endpoint())->GetAll(kContext, "k", 10)), ErrorCode::kUnavailable);
}

TEST(HttpObjectStore, FollowsAFewRedirects) {
  ScriptedServer server([&](int, const std::string& request) {
    if (TargetOf(request) == "/there/k") return Answer("200 OK", "hello");
    if (TargetOf(request) == "/loop/k") return Answer("302 Found", "", "Location: /loop/k\r\n");
    return Answer("307 Temporary Redirect", "", "Location: /there/k\r\n");
  });
  EXPECT_EQ(StoreAt(server.endpoint())->GetAll(kContext, "k", 10).value(), "hello");
  EXPECT_EQ(CodeOf(StoreAt(server.endpoint() + "/loop")->GetAll(kContext, "k", 10)),
            ErrorCode::kInvalid);
}

TEST(HttpObjectStore, GoesNowhereItMayNot) {
  ScriptedServer server([&](int, const std::string&) { return Answer("200 OK", "secret"); });
  const net::AllowedNetworks networks;
  ObjectStoreOptions options;
  options.may_connect = [&](const std::string& ip) { return networks.Check(ip); };
  EXPECT_EQ(CodeOf(StoreAt(server.endpoint(), options)->GetAll(kContext, "k", 10)),
            ErrorCode::kDenied);
  EXPECT_EQ(server.requests(), 0);
  EXPECT_EQ(CodeOf(OpenObjectStore("s3://bucket?endpoint=" + server.endpoint(), options)),
            ErrorCode::kDenied);
}

TEST(HttpObjectStore, NorWhereARedirectLeads) {
  ScriptedServer inner([&](int, const std::string&) { return Answer("200 OK", "secret"); });
  ScriptedServer outer([&](int, const std::string&) {
    return Answer("302 Found", "", "Location: " + inner.endpoint() + "/k\r\n");
  });
  int connects = 0;
  ObjectStoreOptions options;
  options.may_connect = [&](const std::string& ip) -> Status {
    if (++connects == 1) return Ok();
    return Denied("not to {}", ip);
  };
  EXPECT_EQ(CodeOf(StoreAt(outer.endpoint(), options)->GetAll(kContext, "k", 10)),
            ErrorCode::kDenied);
  EXPECT_EQ(inner.requests(), 0);
}

TEST(HttpObjectStore, TellsTheRefusalsApart) {
  const std::pair<const char*, ErrorCode> refusals[] = {{"404 Not Found", ErrorCode::kNotFound},
                                                        {"403 Forbidden", ErrorCode::kDenied},
                                                        {"400 Bad", ErrorCode::kInvalid}};
  for (const auto& [status, code] : refusals) {
    ScriptedServer server([&](int, const std::string&) { return Answer(status, ""); });
    EXPECT_EQ(CodeOf(StoreAt(server.endpoint())->Stat(kContext, "k")), code) << status;
    EXPECT_EQ(server.requests(), 1);
  }
}

TEST(HttpObjectStore, IsReadOnly) {
  const auto store = StoreAt("http://127.0.0.1:1");
  EXPECT_EQ(CodeOf(store->Put(kContext, "k", AsBytes("x"))), ErrorCode::kUnimplemented);
  EXPECT_EQ(CodeOf(store->Delete(kContext, "k")), ErrorCode::kUnimplemented);
  EXPECT_EQ(CodeOf(store->List(kContext, "", [](const ObjectInfo&) { return Ok(); })),
            ErrorCode::kUnimplemented);
}

}  // namespace
}  // namespace weir::objects
