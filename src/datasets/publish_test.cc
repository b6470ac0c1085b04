#include "datasets/publish.h"

#include <gtest/gtest.h>

#include "base/testing/matchers.h"
#include "datasets/keys.h"
#include "datasets/testing/dataset_home.h"

namespace weir::datasets {
namespace {

std::string ContentOf(DatasetHome& home, const SliceRow& row) {
  const auto file = home.chains().OpenSlice(home.context(), home.id(), row.slice);
  if (!file) return file.error().message;
  std::string content((*file)->size(), '\0');
  (*file)->Read(0, std::as_writable_bytes(std::span(content))).value();
  return content;
}

// Every block and slice of the chain is there, and is what its hash says.
void ExpectWhole(DatasetHome& home) {
  const auto blocks = home.chains().Blocks(home.context(), home.id());
  ASSERT_TRUE(IsOk(blocks));
  for (const BlockRow& block : *blocks) {
    ASSERT_TRUE(IsOk(home.chains().ReadBlock(home.context(), home.id(), block)));
  }
  const auto slices = home.chains().Slices(home.context(), home.id());
  ASSERT_TRUE(IsOk(slices));
  for (const SliceRow& slice : *slices) {
    EXPECT_EQ(Multihash::Sha3Of(AsBytes(ContentOf(home, slice))), slice.slice.physical_hash);
  }
}

bool IsPending(DatasetHome& home) {
  return !home.store().Read(home.context()).value()->Scan(PendingKey()).value().empty();
}

TEST(Publish, MakesARepositoryThatStandsAlone) {
  DatasetHome home;
  ChainRecord record = home.chains().Append(home.context(), home.Beginning()).value();
  record = home.chains().Append(home.context(), home.Rows(record, 3, 1)).value();
  ExpectWhole(home);
  EXPECT_EQ(home.repository().Head(home.context())->has_value(), false);

  ASSERT_TRUE(IsOk(home.chains().PublishAll(home.context())));
  EXPECT_FALSE(IsPending(home));
  EXPECT_EQ(*home.repository().Head(home.context()), record.chain.head);
  ExpectWhole(home);
  std::vector<std::string> keys;
  ASSERT_TRUE(IsOk(home.repository().List(home.context(), [&](const objects::ObjectInfo& object) {
    keys.push_back(object.key);
    return Ok();
  })));
  EXPECT_EQ(keys.size(), 6u);  // head, four blocks, a slice
}

TEST(Publish, OfSeveralDatasetsBringsEachOut) {
  DatasetHome home;
  for (const std::uint8_t number : {1, 2, 3}) {
    home.chains().Append(home.context(), home.Beginning(DatasetHome::IdOf(number))).value();
  }
  ASSERT_TRUE(IsOk(home.chains().PublishAll(home.context())));
  EXPECT_FALSE(IsPending(home));
}

TEST(Publish, CanBeDoneAgainAfterAnyCallFailed) {
  for (int nth = 0;; ++nth) {
    DatasetHome home;
    ChainRecord record = home.Begin();
    record = home.chains().Append(home.context(), home.Rows(record, 3, 1)).value();
    const int before = home.files().calls();
    home.files().FailCall(nth);
    const Status published = home.chains().PublishAll(home.context());
    const bool all_were_tried = home.files().calls() - before <= nth;
    if (all_were_tried) {
      EXPECT_TRUE(IsOk(published));
      EXPECT_GT(nth, 5);
      break;
    }
    ExpectWhole(home);
    ASSERT_TRUE(IsOk(home.chains().PublishAll(home.context())));
    EXPECT_EQ(*home.repository().Head(home.context()), record.chain.head);
    ExpectWhole(home);
  }
}

TEST(Publish, LosesNothingByAPowerCutAtAnyCall) {
  for (int nth = 0; nth < 40; ++nth) {
    DatasetHome home;
    ChainRecord record = home.Begin();
    record = home.chains().Append(home.context(), home.Rows(record, 3, 1)).value();
    home.files().FailCall(nth);
    (void)home.chains().PublishAll(home.context());
    home.files().CutPower();
    home.Reopen();
    ExpectWhole(home);
    ASSERT_TRUE(IsOk(home.chains().PublishAll(home.context())));
    EXPECT_EQ(*home.repository().Head(home.context()), record.chain.head);
    ExpectWhole(home);
  }
}

TEST(Publish, ADamagedBlockIsNeverServed) {
  DatasetHome home;
  const ChainRecord record = home.Begin();
  const auto row = home.chains().FindBlock(home.context(), home.id(), *record.chain.head);
  const std::string path =
      "/home/datasets/" + home.id().ToMultibase() + "/blocks/" + row->hash.ToText();
  for (std::uint64_t bit = 0; bit < row->size * 8; ++bit) {
    home.files().FlipBit(path, bit);
    ASSERT_EQ(CodeOf(home.chains().ReadBlock(home.context(), home.id(), *row)),
              ErrorCode::kCorrupt);
    home.files().FlipBit(path, bit);
  }
  EXPECT_TRUE(home.chains().ReadBlock(home.context(), home.id(), *row));
}

}  // namespace
}  // namespace weir::datasets
