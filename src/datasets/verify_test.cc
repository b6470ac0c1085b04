#include "datasets/verify.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/rng.h"
#include "base/testing/matchers.h"
#include "datasets/adopt.h"
#include "datasets/keys.h"
#include "datasets/testing/dataset_home.h"
#include "datasets/testing/golden_dataset.h"
#include "objects/local_object_store.h"
#include "slices/physical_hash.h"

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

// Goal: no damage of a bit stays unseen. Method: 10,000 of them, anywhere in blocks and slices, by
// a seed; each is found where it lies, and what is read of it is no block or slice any more.
TEST_F(RealDataset, TenThousandFlippedBitsAreFound) {
  const auto rng = SeededRng(20261121);
  std::vector<std::filesystem::path> paths;
  for (const auto& path : home_.files().Paths()) {
    const std::string key = std::filesystem::relative(path, root_).string();
    if (key.starts_with("blocks/") || key.starts_with("data/")) paths.push_back(path);
  }
  const Repository repository = home_.chains().RepositoryOf(id_);
  for (int flip = 0; flip < 10'000; ++flip) {
    const auto& path = paths[rng->Next() % paths.size()];
    const std::uint64_t bit = rng->Next() % (home_.files().Stat(path)->size * 8);
    home_.files().FlipBit(path, bit);
    const Multihash hash = Multihash::Parse(path.filename().string()).value();
    if (path.parent_path().filename() == "blocks") {
      ASSERT_EQ(CodeOf(repository.Block(home_.context(), hash)), ErrorCode::kCorrupt)
          << path << bit;
    } else {
      const auto file = repository.OpenSlice(home_.context(), hash).value();
      ASSERT_NE(slices::PhysicalHashes(home_.context(), {&file, 1})[0].value(), hash);
    }
    if (flip % 10 == 0) {
      ASSERT_EQ(CodeOf(VerifyRepository(home_.context(), repository)), ErrorCode::kCorrupt) << bit;
    }
    home_.files().FlipBit(path, bit);
  }
  EXPECT_TRUE(IsOk(VerifyRepository(home_.context(), repository)));
}

TEST_F(RealDataset, AFarRepositoryIsBroughtNearAFewSlicesAtATime) {
  FakeFiles files;
  objects::LocalObjectStore scratch("/scratch", files);
  const Repository repository = home_.chains().RepositoryOf(id_);
  EXPECT_EQ(VerifyRepository(home_.context(), repository, {.scratch = &scratch})->bytes, 4003u);
  EXPECT_TRUE(files.Paths().empty());
  for (const auto& path : home_.files().Paths()) {
    if (path.parent_path().filename() != "data") continue;
    home_.files().FlipBit(path, 800);
    const auto verified = VerifyRepository(home_.context(), repository, {.scratch = &scratch});
    ASSERT_EQ(CodeOf(verified), ErrorCode::kCorrupt);
    EXPECT_TRUE(verified.error().message.starts_with("block f1620")) << verified.error().message;
    EXPECT_NE(verified.error().message.find(path.filename().string()), std::string::npos);
    home_.files().FlipBit(path, 800);
  }
}

TEST_F(RealDataset, AnInterruptedVerificationGoesOnAfterWhatWasGood) {
  ASSERT_TRUE(IsOk(RebuildIndex(home_.context(), home_.chains(), id_)));
  const auto slices = home_.chains().Slices(home_.context(), id_).value();
  const auto block =
      home_.chains().FindBlock(home_.context(), id_, slices.front().sequence_number).value();
  const auto note = [&](control::Transaction& transaction) {
    return transaction.Put(VerifiedKey(id_), block.hash.ToText());
  };
  ASSERT_TRUE(IsOk(home_.store().Transact(home_.context(), note)));
  const auto resumed = Verify(home_.context(), home_.chains(), id_, {.resume = true});
  ASSERT_TRUE(IsOk(resumed));
  EXPECT_EQ(resumed->bytes, slices.back().slice.size);
  EXPECT_EQ(resumed->blocks, 9u) << "the chain is verified whole";
  EXPECT_EQ(Verify(home_.context(), home_.chains(), id_, {.resume = true})->bytes, 4003u)
      << "what ended well is not resumed";
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
