#include "datasets/backup/dataset_copies.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/fake_clock.h"
#include "base/testing/fake_files.h"
#include "base/testing/matchers.h"
#include "control/backup/backup.h"
#include "datasets/adopt.h"
#include "datasets/gc.h"
#include "datasets/testing/dataset_home.h"
#include "datasets/testing/golden_dataset.h"
#include "datasets/transfer.h"
#include "datasets/verify.h"
#include "objects/local_object_store.h"

namespace weir::datasets {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::SizeIs;

const Context kContext = Context::Background();

// A home, and a place for its backups whose files fail on demand.
class DatasetBackups : public ::testing::Test {
 protected:
  // A dataset of another tool, whose slices are files in their format.
  odf::DatasetId PullGolden() {
    FakeFiles files;
    objects::LocalObjectStore store("/there", files);
    GoldenDataset().PutInto(store);
    return Pull(kContext, home_.chains(), Repository(store, "")).value().id;
  }

  Result<backup::Created> Create() { return CreateIn(place_); }
  Result<backup::Created> CreateIn(objects::ObjectStore& place) {
    clock_.Advance(1s);
    DatasetCopies copies(home_.chains(), clock_);
    return backup::Create(kContext, home_.store(), clock_, place,
                          {.home = "/no files", .datasets = &copies});
  }

  Result<backup::Verified> Verify() { return VerifyIn(place_); }
  static Result<backup::Verified> VerifyIn(objects::ObjectStore& place) {
    const auto verify = [](const Context& context, objects::ObjectStore& source,
                           std::span<const backup::BackedUpDataset> heads) {
      return VerifyCopies(context, source, heads, nullptr);
    };
    return backup::Verify(kContext, place, {.datasets = verify});
  }

  // What is in the home now, from the backups to `target`.
  Result<backup::ObjectCounts> Restore(objects::ObjectStore& target) {
    const auto cut = home_.store().Read(kContext).value();
    return RestoreCopies(kContext, place_, *cut, {.roots = target, .derivatives = target});
  }

  // Files in the place for backups that hold `part`.
  std::vector<Files::Path> In(std::string_view part) {
    std::vector<Files::Path> paths = files_.Paths();
    std::erase_if(paths,
                  [&](const auto& path) { return path.string().find(part) == std::string::npos; });
    return paths;
  }

  DatasetHome home_;
  FakeClock clock_;
  FakeFiles files_;
  objects::LocalObjectStore place_{"/backups", files_};
};

TEST_F(DatasetBackups, HoldEveryObjectOnceAndOnlyWhatIsNewIsStoredAgain) {
  ChainRecord record = home_.Begin();
  const auto first = Create();
  ASSERT_TRUE(IsOk(first));
  EXPECT_EQ(first->datasets, 1U);
  EXPECT_EQ(first->objects.objects, 3U) << "its three blocks";
  EXPECT_EQ(first->objects.new_objects, 3U);

  const auto same = Create();
  ASSERT_TRUE(IsOk(same));
  EXPECT_EQ(same->objects.objects, 3U);
  EXPECT_EQ(same->objects.new_objects, 0U);

  record = home_.chains().Append(kContext, home_.Rows(record, 5, 1)).value();
  home_.chains().Publish(kContext, DatasetHome::id()).value();
  const auto second = Create();
  ASSERT_TRUE(IsOk(second));
  EXPECT_EQ(second->objects.objects, 5U);
  EXPECT_EQ(second->objects.new_objects, 2U) << "a block and a slice";
  EXPECT_LT(second->objects.new_bytes, second->objects.bytes);
}

TEST_F(DatasetBackups, HoldWhatIsCommittedAndNotPublishedYet) {
  const ChainRecord record = home_.Begin();
  home_.chains().Append(kContext, home_.Rows(record, 5, 1)).value();
  const auto made = Create();
  ASSERT_TRUE(IsOk(made));
  EXPECT_EQ(made->objects.objects, 5U);
  EXPECT_EQ(made->objects.new_objects, 5U);
  EXPECT_THAT(In("/data/"), SizeIs(1));

  home_.chains().Publish(kContext, DatasetHome::id()).value();
  EXPECT_EQ(Create().value().objects.new_objects, 0U) << "it is there already";
}

TEST_F(DatasetBackups, AreVerifiedAndComeBackAsTheyWere) {
  const odf::DatasetId id = PullGolden();
  ASSERT_TRUE(IsOk(Create()));
  const auto verified = Verify();
  ASSERT_TRUE(IsOk(verified));
  EXPECT_EQ(verified->datasets, 1U);
  EXPECT_EQ(verified->objects.objects, 11U) << "9 blocks and 2 slices";

  FakeFiles there;
  objects::LocalObjectStore target("/restored", there);
  ASSERT_TRUE(IsOk(Restore(target)));
  const auto whole = VerifyRepository(kContext, Repository::Of(target, id));
  ASSERT_TRUE(IsOk(whole));
  EXPECT_EQ(whole->blocks, 9U);
  EXPECT_EQ(whole->unreferenced, 0U);
}

TEST_F(DatasetBackups, KeepAnEarlierChainThatTheHomeGaveUp) {
  const odf::DatasetId id = PullGolden();
  ASSERT_TRUE(IsOk(Create()));
  // Its first blocks alone, as if it had been reset.
  const auto rows = home_.chains().Blocks(kContext, id, {.limit = 2}).value();
  home_.chains().RepositoryOf(id).SetHead(kContext, rows.back().hash).value();
  ASSERT_TRUE(IsOk(RebuildIndex(kContext, home_.chains(), id)));
  const auto made = Create();
  ASSERT_TRUE(IsOk(made));
  EXPECT_EQ(made->objects.objects, 2U);
  const auto verified = Verify();
  ASSERT_TRUE(IsOk(verified));
  EXPECT_EQ(verified->backups, 2U);
  EXPECT_EQ(verified->objects.objects, 2U + 11U) << "each chain whole";
}

// Goal: no damage of an object goes unnoticed, and it is named. Method: flip a bit in each object
// in turn, at its front, in its middle and at its end; then take it away.
TEST_F(DatasetBackups, ThatAreDamagedAreFoundOutAndTheObjectIsNamed) {
  PullGolden();
  ASSERT_TRUE(IsOk(Create()));
  const auto objects = In("/backups/datasets/");
  ASSERT_THAT(objects, SizeIs(11));
  FakeFiles there;
  objects::LocalObjectStore target("/restored", there);
  for (const auto& path : objects) {
    const std::uint64_t bits = files_.Stat(path)->size * 8;
    for (const std::uint64_t bit : {std::uint64_t{0}, bits / 2, bits - 1}) {
      files_.FlipBit(path, bit);
      const auto verified = Verify();
      ASSERT_EQ(CodeOf(verified), ErrorCode::kCorrupt) << path << " bit " << bit;
      EXPECT_THAT(verified.error().message, HasSubstr("dataset ")) << path;
      ASSERT_TRUE(there.RemoveTree("/restored"));
      ASSERT_EQ(CodeOf(Restore(target)), ErrorCode::kCorrupt) << path << " bit " << bit;
      files_.FlipBit(path, bit);
    }
    ASSERT_TRUE(files_.Remove(path));
    EXPECT_EQ(CodeOf(Verify()), ErrorCode::kCorrupt) << path;
    ASSERT_TRUE(there.RemoveTree("/restored"));
    EXPECT_EQ(CodeOf(Restore(target)), ErrorCode::kCorrupt) << path;
    ASSERT_TRUE(IsOk(Create())) << "stores it again";
    EXPECT_TRUE(IsOk(Verify())) << path;
  }
}

TEST_F(DatasetBackups, WhatTheHomeHoldsDamagedIsNotBackedUp) {
  const odf::DatasetId id = PullGolden();
  for (const auto& path : home_.files().Paths()) {
    if (path.string().find("/data/") == std::string::npos) continue;
    FakeFiles files;
    objects::LocalObjectStore place("/backups", files);
    home_.files().FlipBit(path, 100);
    const auto made = CreateIn(place);
    ASSERT_EQ(CodeOf(made), ErrorCode::kCorrupt) << path;
    EXPECT_THAT(made.error().message, HasSubstr(path.filename().string()));
    EXPECT_THAT(made.error().message, HasSubstr(id.ToMultibase()));
    EXPECT_EQ(CodeOf(VerifyIn(place)), ErrorCode::kNotFound) << "there is none";
    home_.files().FlipBit(path, 100);
    EXPECT_TRUE(IsOk(CreateIn(place)));
  }
}

// Goal: a backup that failed or crashed anywhere is none, and the next one is whole. Method: fail
// the first call on the place's files, then the second, and so on; cut the power after each.
TEST_F(DatasetBackups, ThatFailedAnywhereAreNoneAndTheNextIsWhole) {
  PullGolden();
  for (int failing = 0;; ++failing) {
    SCOPED_TRACE(failing);
    FakeFiles files;
    objects::LocalObjectStore place("/backups", files);
    files.FailCall(failing);
    const auto made = CreateIn(place);
    if (made) break;
    files.CutPower();
    EXPECT_NE(CodeOf(backup::Verify(kContext, place)), ErrorCode::kCorrupt);
    ASSERT_TRUE(IsOk(CreateIn(place)));
    files.CutPower();
    ASSERT_TRUE(IsOk(VerifyIn(place)));
  }
}

TEST_F(DatasetBackups, OnAFullDiskAreNone) {
  PullGolden();
  for (std::uint64_t room = 0;; room += 700) {
    SCOPED_TRACE(room);
    FakeFiles files;
    objects::LocalObjectStore place("/backups", files);
    files.FillDisk(room);
    const auto made = CreateIn(place);
    if (made) break;
    EXPECT_EQ(CodeOf(made), ErrorCode::kExhausted);
    EXPECT_EQ(CodeOf(backup::Verify(kContext, place)), ErrorCode::kNotFound) << "there is none";
  }
}

TEST_F(DatasetBackups, OnAFullDiskAreNotRestoredAndGoOnOnceThereIsRoom) {
  const odf::DatasetId id = PullGolden();
  ASSERT_TRUE(IsOk(Create()));
  FakeFiles there;
  objects::LocalObjectStore target("/restored", there);
  there.FillDisk(3000);
  EXPECT_EQ(CodeOf(Restore(target)), ErrorCode::kExhausted);
  there.FillDisk(1 << 20);
  ASSERT_TRUE(IsOk(Restore(target)));
  EXPECT_TRUE(IsOk(VerifyRepository(kContext, Repository::Of(target, id))));
}

TEST_F(DatasetBackups, KeepGarbageCollectionAwayWhileTheyAreMade) {
  const ChainRecord record = home_.Begin();
  const Multihash stray = Multihash::Sha3Of(AsBytes("stray"));
  home_.repository().PutSlice(kContext, stray, AsBytes("stray")).value();
  {
    DatasetCopies copies(home_.chains(), clock_);
    ASSERT_TRUE(IsOk(copies.Hold(kContext)));
    const Collected none = CollectGarbage(kContext, home_.chains(), clock_, {.grace = 0s}).value();
    EXPECT_EQ(none.objects, 0U);
    EXPECT_THAT(none.skipped, SizeIs(1));
  }
  EXPECT_EQ(CollectGarbage(kContext, home_.chains(), clock_, {.grace = 0s})->objects, 1U);
}

TEST_F(DatasetBackups, RestoredToAPlaceThatOutlivedTheHomeLeaveItsHeads) {
  const odf::DatasetId id = PullGolden();
  ASSERT_TRUE(IsOk(Create()));
  FakeFiles there;
  objects::LocalObjectStore target("/bucket", there);
  const Multihash further = Multihash::Sha3Of(AsBytes("a block that came after the backup"));
  Repository::Of(target, id).SetHead(kContext, further).value();
  const auto cut = home_.store().Read(kContext).value();
  ASSERT_TRUE(IsOk(RestoreCopies(kContext, place_, *cut,
                                 {.roots = target,
                                  .derivatives = target,
                                  .roots_keep_heads = true,
                                  .derivatives_keep_heads = true})));
  EXPECT_EQ(Repository::Of(target, id).Head(kContext).value(), further);
}

}  // namespace
}  // namespace weir::datasets
