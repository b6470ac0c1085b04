#include "cli/commands/pull_sources.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "base/testing/matchers.h"
#include "cli/commands/command_tree.h"

namespace weir::cli {
namespace {

// A server that was up to date, and keeps what it was asked.
class Asked final : public Client {
 public:
  explicit Asked(std::vector<api::Request>& requests) : requests_(requests) {}

  Result<api::Response> Send(const Context& /*context*/, api::Request request) override {
    requests_.push_back(std::move(request));
    return api::Response{.status = 200, .body = std::string(R"({"datasets": []})")};
  }
  std::string Name() const override { return "the server"; }

 private:
  std::vector<api::Request>& requests_;
};

// A source may be slow, and a server that is given no time gives a request a minute.
TEST(PullSources, AsksTheServerForAsLongAsItLetsAnyTake) {
  std::vector<api::Request> requests;
  const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  Output out(nowhere);
  const Command root = CommandTree();
  Session session(
      {.root = root,
       .globals = {},
       .environment = {},
       .connect = [&](const Globals&, const Context&) -> Result<std::unique_ptr<Client>> {
         return std::make_unique<Asked>(requests);
       },
       .files = PosixFiles(),
       .terminal = {},
       .out = out,
       .messages = out});
  Arguments arguments;
  arguments.Add("workspace", "public");
  arguments.Add("output", "json");
  ASSERT_TRUE(IsOk(PullSources(arguments, session, {"rates"})));
  ASSERT_EQ(requests.size(), 1u);
  EXPECT_EQ(requests.front().path, "/api/public/pull");
  EXPECT_EQ(requests.front().headers.Get("Request-Timeout"), "600");
  ASSERT_TRUE(IsOk(out.Flush()));
  ::close(nowhere);
}

}  // namespace
}  // namespace weir::cli
