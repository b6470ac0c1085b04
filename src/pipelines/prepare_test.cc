#include "pipelines/prepare.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.h"
#include "base/testing/matchers.h"
#include "base/testing/temp_dir.h"

namespace weir::pipelines {
namespace {

using testing::HasSubstr;

class PrepareTest : public testing::Test {
 protected:
  PrepareTest() {
    options_.scratch = directory_.path();
    EXPECT_TRUE(PosixFiles().WriteDurably(directory_ / "in", AsBytes("b\na\n")));
  }

  static odf::PrepStep Pipe(std::vector<std::string> command) {
    return {odf::PrepStepPipe{.command = std::move(command)}};
  }

  Result<std::string> Prepare(const std::vector<odf::PrepStep>& steps,
                              const Context& context = Context::Background()) {
    ASSIGN_OR_RETURN(const PreparedFile file,
                     PrepareFile(context, directory_ / "in", steps, options_));
    return PosixFiles().ReadAll(file.path());
  }

  // Files of ours that are still there.
  std::size_t FilesLeft() { return PosixFiles().List(directory_.path()).value().size() - 1; }

  TempDir directory_;
  PrepareOptions options_;
};

TEST_F(PrepareTest, StepsFollowEachOtherAndLeaveNothingBehind) {
  options_.allows_commands = true;
  EXPECT_EQ(Prepare({}).value(), "b\na\n");
  EXPECT_EQ(Prepare({Pipe({"sort"}),
                     Pipe({"gzip"}),
                     {odf::PrepStepDecompress{.format = odf::CompressionFormat::kGzip}}})
                .value(),
            "a\nb\n");
  EXPECT_EQ(FilesLeft(), 0U);
}

TEST_F(PrepareTest, CommandsAreRefusedUnlessAllowed) {
  const auto refused = Prepare({Pipe({"sort"})});
  EXPECT_EQ(CodeOf(refused), ErrorCode::kDenied);
}

TEST_F(PrepareTest, ACommandThatFailsSaysWhy) {
  options_.allows_commands = true;
  const auto failed = Prepare({Pipe({"cat", "/nonexistent"})});
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(failed.error().message, HasSubstr("preparation step 1"));
  EXPECT_THAT(failed.error().message, HasSubstr("No such file"));
  EXPECT_EQ(CodeOf(Prepare({Pipe({"/no/such/program"})})), ErrorCode::kInvalid);
  EXPECT_EQ(CodeOf(Prepare({Pipe({})})), ErrorCode::kInvalid);
  EXPECT_EQ(FilesLeft(), 0U);
}

TEST_F(PrepareTest, ACommandIsKilledAtItsDeadlineAndAtItsLimit) {
  options_.allows_commands = true;
  const Context soon = Context::Background().WithTimeout(std::chrono::milliseconds(50));
  EXPECT_EQ(CodeOf(Prepare({Pipe({"sleep", "100"})}, soon)), ErrorCode::kDeadline);
  options_.limits.max_bytes = 1 << 20;
  EXPECT_EQ(CodeOf(Prepare({Pipe({"yes"})})), ErrorCode::kExhausted);
  EXPECT_EQ(FilesLeft(), 0U);
}

}  // namespace
}  // namespace weir::pipelines
