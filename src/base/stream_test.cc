#include "base/stream.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "base/testing/matchers.h"

namespace weir {
namespace {

TEST(SourceOf, GivesTheWholeContentInPiecesAndThenNothing) {
  const auto source = SourceOf("abcde");
  EXPECT_EQ(source->Size(), 5U);
  std::array<std::byte, 3> buffer{};
  EXPECT_EQ(source->Read(buffer).value(), 3U);
  EXPECT_EQ(AsText(buffer), "abc");
  EXPECT_EQ(source->Read({}).value(), 0U) << "an empty buffer takes nothing";
  EXPECT_EQ(source->Read(buffer).value(), 2U);
  EXPECT_EQ(source->Read(buffer).value(), 0U);
}

TEST(ReadAll, StopsAtItsLimit) {
  const std::string content(100'000, 'x');
  EXPECT_EQ(ReadAll(*SourceOf(content), content.size()).value(), content);
  EXPECT_EQ(CodeOf(ReadAll(*SourceOf(content), content.size() - 1)), ErrorCode::kExhausted);
  EXPECT_EQ(ReadAll(*SourceOf(""), 0).value(), "");
}

// Goal: an error in the middle is not taken for the end.
TEST(ReadAll, PassesOnTheErrorOfItsSource) {
  class Failing final : public ByteSource {
   public:
    Result<std::size_t> Read(std::span<std::byte> buffer) override {
      if (std::exchange(called_, true)) return Unavailable("gone");
      buffer.front() = std::byte{'x'};
      return std::size_t{1};
    }

   private:
    bool called_ = false;
  };
  Failing source;
  EXPECT_EQ(CodeOf(ReadAll(source, 10)), ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace weir
