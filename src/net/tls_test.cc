#include <gtest/gtest.h>

#include "base/testing/matchers.h"
#include "base/testing/temp_dir.h"
#include "net/http_client.h"
#include "net/testing/served.h"

namespace weir::net {
namespace {

using namespace std::chrono_literals;

Context Soon() { return Context::Background().WithTimeout(10s); }

class Tls : public testing::Test {
 protected:
  TlsFiles MakePair(const std::string& name, const std::vector<std::string>& hosts) {
    const TlsFiles files{dir_ / (name + ".pem"), dir_ / (name + ".key")};
    EXPECT_TRUE(IsOk(MakeSelfSignedPair(files, hosts, PosixFiles())));
    return files;
  }

  static Result<HttpClient::Response> Get(const Address& address, const TlsFiles& believed,
                                          const std::string& host = "localhost") {
    HttpClient client({.tls = ClientTls::Open(believed.certificate).value()});
    const Endpoint endpoint{{.host = host, .port = address.port}, true};
    return client.Send(Soon(), {.url = {.endpoint = endpoint, .target = "/"}});
  }

  TempDir dir_;
};

TEST_F(Tls, SelfSignedPairServesTheHostsItWasMadeFor) {
  const TlsFiles files = MakePair("server", {"localhost", "127.0.0.1"});
  EXPECT_EQ(PosixFiles().Stat(files.private_key)->mode, 0600U);
  const auto tls = ServerTls::Open(files).value();
  Served served({.tls = tls.get()});
  std::string body(1 << 20, 't');
  served.service().On("/", [&](HttpRequest request) {
    EXPECT_TRUE(request.peer.has_tls);
    return Text(body);
  });
  auto got = Get(served.address(), files);
  ASSERT_TRUE(IsOk(got));
  EXPECT_EQ(ReadAll(*got->body, 2 << 20).value(), body);
  EXPECT_TRUE(IsOk(Get(served.address(), files, "127.0.0.1")));
}

TEST_F(Tls, ClientRefusesAnotherHostAndAnotherAuthority) {
  const TlsFiles files = MakePair("server", {"weir.example"});
  const auto tls = ServerTls::Open(files).value();
  Served served({.tls = tls.get()});
  EXPECT_EQ(CodeOf(Get(served.address(), files)), ErrorCode::kInvalid);
  const TlsFiles other = MakePair("other", {"localhost"});
  EXPECT_EQ(CodeOf(Get(served.address(), other)), ErrorCode::kInvalid);
}

TEST_F(Tls, ReloadServesTheNewPairAndKeepsOpenConnections) {
  const TlsFiles files = MakePair("server", {"localhost"});
  const auto tls = ServerTls::Open(files).value();
  const std::string old_print = tls->fingerprint();
  Served served({.tls = tls.get()});
  served.service().On("/", [](HttpRequest) { return Text("x"); });
  HttpClient old_client({.tls = ClientTls::Open(files.certificate).value()});
  const Url url{.endpoint = {{.host = "localhost", .port = served.address().port}, true}};
  EXPECT_TRUE(IsOk(ReadAll(*old_client.Send(Soon(), {.url = url}).value().body, 9)));

  EXPECT_FALSE(tls->ReloadIfChanged().value());
  MakePair("server", {"localhost"});
  EXPECT_TRUE(tls->ReloadIfChanged().value());
  EXPECT_NE(tls->fingerprint(), old_print);
  EXPECT_TRUE(IsOk(Get(served.address(), files)));
  EXPECT_TRUE(IsOk(ReadAll(*old_client.Send(Soon(), {.url = url}).value().body, 9)));
  EXPECT_EQ(served.server().counts().accepted, 2);
}

TEST_F(Tls, BadPairIsRefusedAndTheOldOneStays) {
  const TlsFiles files = MakePair("server", {"localhost"});
  const auto tls = ServerTls::Open(files).value();
  const std::string print = tls->fingerprint();
  ASSERT_TRUE(IsOk(PosixFiles().WriteDurably(files.certificate, AsBytes("no certificate"))));
  EXPECT_EQ(CodeOf(tls->Reload()), ErrorCode::kInvalid);
  EXPECT_EQ(tls->fingerprint(), print);
  const TlsFiles other = MakePair("other", {"localhost"});
  EXPECT_EQ(CodeOf(ServerTls::Open({other.certificate, files.private_key})), ErrorCode::kInvalid);
}

TEST_F(Tls, PlainBytesOnATlsPortEndTheConnection) {
  const TlsFiles files = MakePair("server", {"localhost"});
  const auto tls = ServerTls::Open(files).value();
  Served served({.tls = tls.get()});
  RawClient client = served.Connect();
  client.Send("GET / HTTP/1.1\r\nHost: t\r\n\r\n");
  EXPECT_EQ(StatusOf(client.ReadToEnd()), 0);
}

TEST_F(Tls, SilentHandshakeEndsAtItsDeadline) {
  const TlsFiles files = MakePair("server", {"localhost"});
  const auto tls = ServerTls::Open(files).value();
  Served served({.limits = {.handshake_timeout = 60ms}, .tls = tls.get()});
  RawClient client = served.Connect();
  EXPECT_TRUE(client.IsClosedWithin(5s));
}

}  // namespace
}  // namespace weir::net
