#include "server/service_notice.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

#include "base/testing/matchers.h"
#include "base/testing/temp_dir.h"

namespace weir::server {
namespace {

// A service manager that listens under `name`, as in NOTIFY_SOCKET, and what it hears.
class Manager {
 public:
  explicit Manager(const std::string& name) : descriptor_(::socket(AF_UNIX, SOCK_DGRAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::ranges::copy(name, static_cast<char*>(address.sun_path));
    if (name[0] == '@') address.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    EXPECT_EQ(::bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), size), 0);
  }
  ~Manager() { ::close(descriptor_); }

  std::string Hear() {
    std::array<char, 256> buffer{};
    const ssize_t size = ::recv(descriptor_, buffer.data(), buffer.size(), MSG_DONTWAIT);
    return size < 0 ? "nothing" : std::string(buffer.data(), static_cast<std::size_t>(size));
  }

 private:
  const int descriptor_;
};

TEST(NotifyService, ReachesAPathAndAnAbstractName) {
  const TempDir directory;
  const std::string abstract = "@weir-test-" + std::to_string(::getpid());
  for (const std::string& name : {(directory / "notify").string(), abstract}) {
    Manager manager(name);
    ASSERT_TRUE(IsOk(NotifyService(name, "READY=1")));
    EXPECT_EQ(manager.Hear(), "READY=1");
  }
}

TEST(NotifyService, DoesNothingWhenNobodyAsked) { EXPECT_TRUE(IsOk(NotifyService("", "READY=1"))); }

TEST(NotifyService, TellsWhenItCannotBeHeard) {
  const TempDir directory;
  EXPECT_EQ(CodeOf(NotifyService("relative", "READY=1")), ErrorCode::kInvalid);
  EXPECT_EQ(CodeOf(NotifyService("/" + std::string(200, 'x'), "READY=1")), ErrorCode::kInvalid);
  EXPECT_EQ(CodeOf(NotifyService((directory / "nobody").string(), "READY=1")),
            ErrorCode::kNotFound);
}

}  // namespace
}  // namespace weir::server
