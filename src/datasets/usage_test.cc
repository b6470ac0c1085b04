#include "datasets/usage.h"

#include <gtest/gtest.h>

#include "base/testing/matchers.h"
#include "datasets/testing/dataset_home.h"

namespace weir::datasets {
namespace {

TEST(Usage, CountsTheBytesOfEachPart) {
  DatasetHome home;
  StateStore states(home.chains(), home.files(), "/states");
  ChainRecord record = home.Begin();
  record = home.chains().Append(home.context(), home.Rows(record, 3, 1)).value();
  record = home.chains().Append(home.context(), home.Checkpoint(record, "checkpoint", 2)).value();
  const auto usage = UsageOf(home.context(), home.chains(), states, DatasetHome::id());
  ASSERT_TRUE(IsOk(usage));
  EXPECT_EQ(usage->slices, 1u);
  EXPECT_EQ(usage->slice_bytes, record.bytes);
  EXPECT_EQ(usage->blocks, record.chain.sequence_number + 1);
  EXPECT_EQ(usage->checkpoints, 1u);
  EXPECT_EQ(usage->checkpoint_bytes, 10u);
  EXPECT_EQ(usage->state_bytes, 0u);
  EXPECT_GT(usage->block_bytes, 0u);
  EXPECT_EQ(usage->total(), usage->slice_bytes + usage->block_bytes + 10u);
}

TEST(Usage, CountsPendingBlocksAsPublishedOnes) {
  DatasetHome home;
  StateStore states(home.chains(), home.files(), "/states");
  home.chains().Append(home.context(), home.Rows(home.Begin(), 3, 1)).value();
  const auto pending = UsageOf(home.context(), home.chains(), states, DatasetHome::id());
  ASSERT_TRUE(IsOk(home.chains().PublishAll(home.context())));
  const auto published = UsageOf(home.context(), home.chains(), states, DatasetHome::id());
  ASSERT_TRUE(IsOk(pending));
  ASSERT_TRUE(IsOk(published));
  EXPECT_EQ(pending->total(), published->total());
}

TEST(Usage, CountsTheKeptState) {
  DatasetHome home;
  StateStore states(home.chains(), home.files(), "/states");
  home.Begin();
  const std::filesystem::path directory = "/states/" + DatasetHome::id().ToMultibase();
  ASSERT_TRUE(IsOk(home.files().CreateDirectories(directory)));
  ASSERT_TRUE(IsOk(home.files().WriteDurably(directory / "rows", AsBytes("12345"))));
  const auto usage = UsageOf(home.context(), home.chains(), states, DatasetHome::id());
  ASSERT_TRUE(IsOk(usage));
  EXPECT_EQ(usage->state_bytes, 5u);
}

TEST(Usage, OfADatasetThatIsNotThereIsAnError) {
  DatasetHome home;
  StateStore states(home.chains(), home.files(), "/states");
  EXPECT_EQ(CodeOf(UsageOf(home.context(), home.chains(), states, DatasetHome::IdOf(9))),
            ErrorCode::kNotFound);
}

}  // namespace
}  // namespace weir::datasets
