#include "server/port_holder.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

namespace weir::server {
namespace {

TEST(HolderOfPort, NamesThisProcessForItsOwnListener) {
  for (const int family : {AF_INET, AF_INET6}) {
    const int listener = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ASSERT_GE(listener, 0);
    ASSERT_EQ(::listen(listener, 1), 0);  // the kernel chooses a port
    sockaddr_storage address{};
    socklen_t size = sizeof(address);
    ASSERT_EQ(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size), 0);
    const std::uint16_t port =
        ntohs(family == AF_INET ? reinterpret_cast<sockaddr_in*>(&address)->sin_port
                                : reinterpret_cast<sockaddr_in6*>(&address)->sin6_port);
    const auto holder = HolderOfPort(port);
    ::close(listener);
    ASSERT_TRUE(holder);
    EXPECT_NE(holder->find("(pid " + std::to_string(::getpid()) + ")"), std::string::npos)
        << *holder;
  }
}

TEST(HolderOfPort, SaysNothingWhereNothingCanBeRead) {
  EXPECT_EQ(HolderOfPort(80, "/nonexistent"), std::nullopt);
}

}  // namespace
}  // namespace weir::server
