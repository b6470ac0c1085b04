#include "net/allowed_networks.h"

#include <gtest/gtest.h>

#include "base/testing/matchers.h"

namespace weir::net {
namespace {

TEST(AllowedNetworks, LetThePublicNetworkBeReached) {
  for (const char* ip : {"1.1.1.1", "172.32.0.1", "172.15.255.255", "192.167.1.1", "11.0.0.1",
                         "2606:4700::1111", "64:ff9b::101:101", "2002:101:101::1"}) {
    EXPECT_TRUE(IsOk(AllowedNetworks().Check(ip))) << ip;
  }
}

TEST(AllowedNetworks, RefuseWhatIsNotPublicHoweverItIsWritten) {
  for (const char* ip : {"127.0.0.1",
                         "127.255.0.9",
                         "0.0.0.0",
                         "10.0.0.1",
                         "172.16.0.1",
                         "172.31.255.255",
                         "192.168.1.1",
                         "169.254.169.254",
                         "100.64.0.1",
                         "224.0.0.1",
                         "255.255.255.255",
                         "::1",
                         "::",
                         "::ffff:127.0.0.1",
                         "::ffff:a9fe:a9fe",
                         "fe80::1",
                         "fd12::1",
                         "ff02::1",
                         "64:ff9b::7f00:1",
                         "2002:7f00:1::",
                         "localhost",
                         ""}) {
    EXPECT_FALSE(AllowedNetworks().Check(ip)) << ip;
  }
}

TEST(AllowedNetworks, LetWhatIsListedBeReached) {
  const std::string listed[] = {"127.0.0.0/8", "10.1.2.0/23", "fd00::/9", "192.168.0.7"};
  const AllowedNetworks allowed = AllowedNetworks::Parse(listed).value();
  for (const char* ip : {"127.0.0.1", "::ffff:127.0.0.1", "10.1.3.255", "fd01::1", "192.168.0.7"}) {
    EXPECT_TRUE(IsOk(allowed.Check(ip))) << ip;
  }
  for (const char* ip : {"10.1.4.0", "fd80::1", "192.168.0.8", "::1"}) {
    EXPECT_EQ(CodeOf(allowed.Check(ip)), ErrorCode::kDenied) << ip;
  }
}

TEST(AllowedNetworks, AreWrittenAsNetworks) {
  for (const char* text : {"", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/8x", "host", "::/129", "/8"}) {
    const std::string listed[] = {text};
    EXPECT_EQ(CodeOf(AllowedNetworks::Parse(listed)), ErrorCode::kInvalid) << text;
  }
}

}  // namespace
}  // namespace weir::net
