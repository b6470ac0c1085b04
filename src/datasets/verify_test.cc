#include "datasets/verify.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/testing/matchers.h"
#include "datasets/adopt.h"
#include "datasets/testing/dataset_home.h"
#include "datasets/testing/golden_dataset.h"
#include "objects/local_object_store.h"

namespace weir::datasets {
namespace {

// A dataset that Kamu wrote, put in place.
class RealDataset : public ::testing::Test {
 protected:
  RealDataset() : id_(golden_.id), root_("/home/datasets/" + id_.ToMultibase()) {
    objects::LocalObjectStore store(root_, home_.files());
    golden_.PutInto(store);
  }

  const GoldenDataset golden_;
  DatasetHome home_;
  const odf::DatasetId id_;
  const std::filesystem::path root_;
};

TEST_F(RealDataset, IsReadInVerifiedAndExtended) {
  const auto record = RebuildIndex(home_.context(), home_.chains(), id_);
  ASSERT_TRUE(IsOk(record));
  const auto verified = Verify(home_.context(), home_.chains(), id_);
  ASSERT_TRUE(IsOk(verified));
  EXPECT_EQ(verified->blocks, 9u);
  EXPECT_EQ(verified->slices, 2u);
  EXPECT_EQ(verified->records, record->records);
  EXPECT_EQ(verified->unreferenced, 0u);

  const AppendRequest request{.id = id_,
                              .expected_head = record->chain.head,
                              .system_time = record->chain.system_time,
                              .blocks = {{.event = {odf::SetInfo{.description = "more"}}}}};
  ASSERT_TRUE(IsOk(home_.chains().Append(home_.context(), request)));
  ASSERT_TRUE(IsOk(home_.chains().PublishAll(home_.context())));
  EXPECT_TRUE(IsOk(VerifyRepository(home_.context(), home_.chains().RepositoryOf(id_))));
}

TEST_F(RealDataset, IsVerifiedWhereItLies) {
  const auto verified = VerifyRepository(home_.context(), home_.chains().RepositoryOf(id_));
  ASSERT_TRUE(IsOk(verified));
  EXPECT_EQ(verified->blocks, 9u);
}

TEST_F(RealDataset, AFlippedBitAnywhereIsFound) {
  ASSERT_TRUE(IsOk(RebuildIndex(home_.context(), home_.chains(), id_)));
  int flips = 0;
  for (const auto& path : home_.files().Paths()) {
    const std::string key = std::filesystem::relative(path, root_).string();
    if (!key.starts_with("blocks/") && !key.starts_with("data/")) continue;
    const std::uint64_t bits = home_.files().Stat(path)->size * 8;
    for (std::uint64_t bit = 0; bit < bits; bit += bits / 40 + 1, ++flips) {
      home_.files().FlipBit(path, bit);
      ASSERT_EQ(CodeOf(Verify(home_.context(), home_.chains(), id_)), ErrorCode::kCorrupt)
          << key << " bit " << bit;
      ASSERT_EQ(CodeOf(VerifyRepository(home_.context(), home_.chains().RepositoryOf(id_))),
                ErrorCode::kCorrupt);
      home_.files().FlipBit(path, bit);
    }
  }
  EXPECT_GT(flips, 300);
}

TEST_F(RealDataset, AMissingObjectIsFoundAndNamed) {
  ASSERT_TRUE(IsOk(RebuildIndex(home_.context(), home_.chains(), id_)));
  for (const auto& path : home_.files().Paths()) {
    const std::string key = std::filesystem::relative(path, root_).string();
    if (!key.starts_with("blocks/") && !key.starts_with("data/")) continue;
    const std::filesystem::path aside = "/aside";
    ASSERT_TRUE(IsOk(home_.files().Rename(path, aside)));
    const auto verified = Verify(home_.context(), home_.chains(), id_);
    EXPECT_EQ(CodeOf(verified), ErrorCode::kCorrupt);
    EXPECT_NE(verified.error().message.find(path.filename().string()), std::string::npos)
        << verified.error().message;
    ASSERT_TRUE(IsOk(home_.files().Rename(aside, path)));
  }
}

TEST_F(RealDataset, WhatNoBlockLeadsToIsCountedAndNoHarm) {
  ASSERT_TRUE(IsOk(RebuildIndex(home_.context(), home_.chains(), id_)));
  ASSERT_TRUE(IsOk(home_.chains().RepositoryOf(id_).PutSlice(
      home_.context(), Multihash::Sha3Of(AsBytes("x")), AsBytes("x"))));
  EXPECT_EQ(Verify(home_.context(), home_.chains(), id_)->unreferenced, 1u);
}

}  // namespace
}  // namespace weir::datasets
