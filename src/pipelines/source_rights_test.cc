#include "pipelines/source_rights.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "base/testing/matchers.h"

namespace weir::pipelines {
namespace {

TEST(SourceRights, FillInOnlyTheVariablesThatAreListed) {
  ASSERT_EQ(::setenv("WEIR_RIGHTS_TEST", "value", 1), 0);
  const SourceRights rights{.env = {"WEIR_RIGHTS_TEST", "WEIR_RIGHTS_UNSET"}};
  EXPECT_EQ(rights.FillIn("a ${{ env.WEIR_RIGHTS_TEST }}${{env.WEIR_RIGHTS_TEST}} b").value(),
            "a valuevalue b");
  EXPECT_EQ(rights.FillIn("$HOME ${HOME} }}").value(), "$HOME ${HOME} }}");
  EXPECT_EQ(CodeOf(rights.FillIn("${{ env.PATH }}")), ErrorCode::kDenied);
  EXPECT_EQ(CodeOf(rights.FillIn("${{ env.WEIR_RIGHTS_UNSET }}")), ErrorCode::kInvalid);
  EXPECT_EQ(CodeOf(rights.FillIn("${{ secrets.x }}")), ErrorCode::kInvalid);
  EXPECT_EQ(CodeOf(rights.FillIn("${{ env.WEIR_RIGHTS_TEST")), ErrorCode::kInvalid);
  EXPECT_TRUE(IsOk(SourceRights{.is_owner = true}.FillIn("${{ env.PATH }}")));
}

TEST(SourceRights, FillInTheVariablesOfTheDatasetFirst) {
  ASSERT_EQ(::setenv("WEIR_RIGHTS_TEST", "of the server", 1), 0);
  const SourceRights rights{.variables = {{"WEIR_RIGHTS_TEST", "own"}, {"KEY", "se${{ env.X }}"}}};
  EXPECT_EQ(rights.FillIn("${{ env.WEIR_RIGHTS_TEST }}, ${{ env.KEY }}").value(),
            "own, se${{ env.X }}");
  EXPECT_EQ(CodeOf(rights.FillIn("${{ env.PATH }}")), ErrorCode::kDenied);
  EXPECT_EQ(rights.WithoutValues(Invalid("own own s").WithHint("own")),
            Invalid("**** **** s").WithHint("****"));
}

TEST(SourceRights, RunOnlyTheCommandsThatAreListed) {
  const std::vector<odf::PrepStep> steps = {{odf::PrepStepPipe{.command = {"jq", "."}}},
                                            {odf::PrepStepPipe{.command = {"sh", "-c", "id"}}}};
  EXPECT_EQ(CodeOf(SourceRights{.commands = {"jq"}}.CheckCommands(steps)), ErrorCode::kDenied);
  EXPECT_TRUE(IsOk(SourceRights{.commands = {"jq", "sh"}}.CheckCommands(steps)));
  EXPECT_TRUE(IsOk(SourceRights{.is_owner = true}.CheckCommands(steps)));
}

TEST(SourceRights, TellNothingOfFilesThatMayNotBeRead) {
  const SourceRights none;
  EXPECT_EQ(none.CheckPath("/etc/passwd").error().message, "sources may not read /etc/passwd");
  EXPECT_EQ(none.CheckPath("/no/such").error().message, "sources may not read /no/such");
}

}  // namespace
}  // namespace weir::pipelines
