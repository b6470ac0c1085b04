#include "net/address.h"

#include <gtest/gtest.h>

#include "base/testing/matchers.h"
#include "net/url.h"

namespace weir::net {
namespace {

TEST(Address, ReadsWhatItWrites) {
  for (const std::string_view text :
       {"127.0.0.1:8420", "[::1]:0", "localhost:65535", "unix:/run/weir.sock"}) {
    const auto address = ParseAddress(text);
    ASSERT_TRUE(IsOk(address)) << text;
    EXPECT_EQ(address->ToString(), text);
  }
}

TEST(Address, BadOnesAreRefused) {
  for (const std::string_view text : {"[[]]:80", "a]:80", "", "localhost", ":80", "x:", "x:65536",
                                      "x:-1", "x:8o", "::1:80", "[]:80", "unix:"}) {
    EXPECT_EQ(CodeOf(ParseAddress(text)), ErrorCode::kInvalid) << text;
  }
  EXPECT_EQ(CodeOf(ParseAddress("unix:/" + std::string(107, 'x'))), ErrorCode::kInvalid);
}

TEST(Address, LoopbackIsThisMachineAlone) {
  for (const std::string_view text :
       {"127.0.0.1:1", "127.8.8.8:1", "localhost:1", "[::1]:1", "unix:/x"}) {
    EXPECT_TRUE(IsLoopback(ParseAddress(text).value())) << text;
  }
  for (const std::string_view text :
       {"0.0.0.0:1", "[::]:1", "10.0.0.1:1", "127.evil.example:1", "weir.example:1"}) {
    EXPECT_FALSE(IsLoopback(ParseAddress(text).value())) << text;
  }
}

TEST(Url, ReadsSchemeHostPortAndTarget) {
  const Url url = ParseUrl("https://weir.example/a/b?c=d").value();
  EXPECT_TRUE(url.endpoint.has_tls);
  EXPECT_EQ(url.endpoint.address.port, 443);
  EXPECT_EQ(url.endpoint.Host(), "weir.example");
  EXPECT_EQ(url.target, "/a/b?c=d");
  EXPECT_EQ(ParseUrl("http://[::1]:81")->endpoint.Host(), "[::1]:81");
  EXPECT_EQ(ParseUrl("http://[::1]")->endpoint.address.port, 80);
  EXPECT_EQ(ParseUrl("http://x?q")->target, "/?q");
  EXPECT_EQ(ParseUrl("unix:/run/w.sock")->endpoint.address.socket_path, "/run/w.sock");
  EXPECT_EQ(ParseUrl("http://x:8080/y")->ToString(), "http://x:8080/y");
}

TEST(Url, BadOnesAreRefused) {
  for (const std::string_view text :
       {"", "ftp://x", "http://", "http:///a", "http://x:y/", "http://u:p@x/", "http://x/#f",
        "http://x/a b", "http://x/\xc3\xa9", "http://unix:/x"}) {
    EXPECT_EQ(CodeOf(ParseUrl(text)), ErrorCode::kInvalid) << text;
  }
}

}  // namespace
}  // namespace weir::net
