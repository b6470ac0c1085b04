// What S3 does on a bad day. On a good one: object_store_conformance_test.cc.
#include "objects/s3_object_store.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "base/testing/matchers.h"
#include "base/testing/temp_dir.h"
#include "net/server_tls.h"
#include "objects/testing/s3_server.h"
#include "objects/testing/scripted_server.h"

namespace weir::objects {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

const Context kContext = Context::Background();

constexpr auto kFound = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\n";

std::string Refusal(std::string_view status, std::string_view code) {
  const std::string body = fmt::format("<Error><Code>{}</Code><Message>no</Message></Error>", code);
  return fmt::format(
      "HTTP/1.1 {}\r\nContent-Type: application/xml\r\nContent-Length: {}\r\n"
      "Connection: close\r\n\r\n{}",
      status, body.size(), body);
}

std::unique_ptr<ObjectStore> StoreAt(const std::string& endpoint, int max_attempts) {
  ObjectStoreOptions options = S3Server::Options();
  options.max_attempts = max_attempts;
  options.connect_timeout = 2s;
  options.stall_timeout = 1s;
  return OpenObjectStore("s3://bucket/x?endpoint=" + endpoint, options).value();
}

TEST(S3ObjectStore, TriesAgainWhenItIsThrottled) {
  ScriptedServer server([](int index, const std::string& /*request*/) {
    return index < 2 ? Refusal("503 Slow Down", "SlowDown") : std::string(kFound);
  });
  EXPECT_TRUE(IsOk(StoreAt(server.endpoint(), 5)->Stat(kContext, "k")));
  EXPECT_EQ(server.requests(), 3);
}

TEST(S3ObjectStore, GivesUpOnAServerThatGoesOnThrottling) {
  ScriptedServer server([](int /*index*/, const std::string& /*request*/) {
    return Refusal("503 Slow Down", "SlowDown");
  });
  EXPECT_EQ(CodeOf(StoreAt(server.endpoint(), 2)->Put(kContext, "k", AsBytes("x"))),
            ErrorCode::kUnavailable);
  EXPECT_EQ(server.requests(), 2);
}

TEST(S3ObjectStore, GivesUpOnAServerThatSaysNothing) {
  ScriptedServer server(
      [](int /*index*/, const std::string& /*request*/) { return std::optional<std::string>(); });
  const auto begin = std::chrono::steady_clock::now();
  const auto info = StoreAt(server.endpoint(), 1)->Stat(kContext, "k");
  EXPECT_EQ(CodeOf(info), ErrorCode::kUnavailable);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 30s);
}

TEST(S3ObjectStore, AnUnreachableServerIsUnavailable) {
  std::string endpoint;
  { endpoint = ScriptedServer(nullptr).endpoint(); }  // nobody listens there now
  EXPECT_EQ(CodeOf(StoreAt(endpoint, 1)->Stat(kContext, "k")), ErrorCode::kUnavailable);
}

TEST(S3ObjectStore, RefusedCredentialsAreDeniedAndNotShown) {
  for (const char* code : {"AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch"}) {
    ScriptedServer server([&](int /*index*/, const std::string& /*request*/) {
      return Refusal("403 Forbidden", code);
    });
    const auto store = StoreAt(server.endpoint(), 3);
    const Status put = store->Put(kContext, "k", AsBytes("x"));
    ASSERT_EQ(CodeOf(put), ErrorCode::kDenied) << code;
    EXPECT_THAT(put.error().message, HasSubstr("put object k in s3://bucket/x"));
    EXPECT_THAT(put.error().message, Not(HasSubstr("test-secret")));
    EXPECT_THAT(put.error().hint, HasSubstr("AWS_ACCESS_KEY_ID"));
    const auto info = store->Stat(kContext, "k");
    EXPECT_EQ(CodeOf(info), ErrorCode::kDenied) << code;
  }
}

// Goal: a bucket is talked to only through a certificate that is trusted. Method: a server with a
// certificate of its own, once unknown and once named; a bucket that is not there is then the
// answer that shows that there was one.
TEST(S3ObjectStore, TrustsTheAuthoritiesItIsGivenAndNoOthers) {
  const TempDir dir;
  const net::TlsFiles tls{.certificate = dir / "certificate.pem", .private_key = dir / "key.pem"};
  ASSERT_TRUE(IsOk(net::MakeSelfSignedPair(tls, {"127.0.0.1"}, PosixFiles())));
  S3Server server(tls);
  ObjectStoreOptions options = S3Server::Options();
  options.max_attempts = 1;
  const auto stranger = OpenObjectStore(server.Url("nowhere"), options).value();
  EXPECT_EQ(CodeOf(stranger->Put(kContext, "k", AsBytes("x"))), ErrorCode::kUnavailable);
  options.certificate_authorities = tls.certificate.string();
  const auto friendly = OpenObjectStore(server.Url("nowhere"), options).value();
  EXPECT_EQ(CodeOf(friendly->Put(kContext, "k", AsBytes("x"))), ErrorCode::kNotFound);
}

TEST(S3ObjectStore, AMissingBucketIsNotFound) {
  S3Server server;
  const auto store = OpenObjectStore(server.Url("nowhere"), S3Server::Options()).value();
  const Status put = store->Put(kContext, "k", AsBytes("x"));
  ASSERT_EQ(CodeOf(put), ErrorCode::kNotFound);
  EXPECT_THAT(put.error().hint, HasSubstr("check the bucket's name"));
}

}  // namespace
}  // namespace weir::objects
