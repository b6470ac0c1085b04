#include "cli/changed_lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weir::cli {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(ChangedLines, LeavesOutWhatIsTheSameAroundThem) {
  EXPECT_THAT(ChangedLines("a\nb\nc\n", "a\nx\ny\nc\n"), ElementsAre("- b", "+ x", "+ y"));
  EXPECT_THAT(ChangedLines("a\nb", "a\nb\nc"), ElementsAre("+ c"));
  EXPECT_THAT(ChangedLines("a\nb\na\n", "a\n"), ElementsAre("- b", "- a"));
  EXPECT_THAT(ChangedLines("a\n\nb", "a\nb"), ElementsAre("- "));
}

TEST(ChangedLines, AreNoneWhereNothingButTheLastLineEndDiffers) {
  EXPECT_THAT(ChangedLines("a\nb", "a\nb\n"), IsEmpty());
  EXPECT_THAT(ChangedLines("", ""), IsEmpty());
}

}  // namespace
}  // namespace weir::cli
