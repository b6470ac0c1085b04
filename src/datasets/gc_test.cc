#include "datasets/gc.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/fake_clock.h"
#include "base/testing/matchers.h"
#include "datasets/keys.h"
#include "datasets/pins.h"
#include "datasets/testing/dataset_home.h"
#include "datasets/testing/golden_dataset.h"
#include "datasets/transfer.h"
#include "datasets/verify.h"
#include "objects/local_object_store.h"

namespace weir::datasets {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;
using testing::SizeIs;

// A home with a dataset of another tool, and a clock that stands.
class Gc : public ::testing::Test {
 protected:
  Gc() {
    const GoldenDataset golden;
    FakeFiles files;
    objects::LocalObjectStore store("/there", files);
    golden.PutInto(store);
    id_ = Pull(home_.context(), home_.chains(), Repository(store, "")).value().id;
  }

  Repository repository() { return home_.chains().RepositoryOf(id_); }

  // An object that no block leads to.
  Multihash PutStray(const std::string& content) {
    const Multihash hash = Multihash::Sha3Of(AsBytes(content));
    repository().PutSlice(home_.context(), hash, AsBytes(content)).value();
    return hash;
  }

  Collected Collect(const GcOptions& options) {
    return CollectGarbage(home_.context(), home_.chains(), clock_, options).value();
  }

  DatasetHome home_;
  FakeClock clock_;
  odf::DatasetId id_;
};

TEST_F(Gc, ObjectsThatNoBlockLeadsToGoAfterTheGraceTime) {
  const Multihash stray = PutStray("stray");
  EXPECT_EQ(Collect({.grace = 1h}).objects, 0u);
  EXPECT_EQ(Collect({.grace = 1h}).young, 1u);
  EXPECT_TRUE(repository().OpenSlice(home_.context(), stray));

  const Collected wanted = Collect({.dry_run = true, .grace = 0s});
  EXPECT_EQ(wanted.objects, 1u);
  EXPECT_EQ(wanted.bytes, 5u);
  EXPECT_TRUE(repository().OpenSlice(home_.context(), stray)) << "it was only asked";

  EXPECT_EQ(Collect({.grace = 0s}).objects, 1u);
  EXPECT_FALSE(repository().OpenSlice(home_.context(), stray));
  const auto verified = Verify(home_.context(), home_.chains(), id_);
  ASSERT_TRUE(IsOk(verified));
  EXPECT_EQ(verified->unreferenced, 0u);
}

TEST_F(Gc, ADatasetThatSomebodyWorksOnIsLeftAlone) {
  const Multihash stray = PutStray("on its way");
  auto pin = Pin::Take(home_.context(), home_.store(), id_, clock_.Now()).value();
  EXPECT_THAT(Collect({.grace = 0s}).skipped, SizeIs(1));
  EXPECT_TRUE(repository().OpenSlice(home_.context(), stray));
  pin.reset();
  EXPECT_THAT(Collect({.grace = 0s}).skipped, IsEmpty());
  EXPECT_FALSE(repository().OpenSlice(home_.context(), stray));
}

TEST_F(Gc, APinWhoseHolderDiedEndsByItself) {
  PutStray("left behind");
  const auto pin = Pin::Take(home_.context(), home_.store(), id_, clock_.Now()).value();
  clock_.Advance(kLongestPin);
  EXPECT_EQ(Collect({.grace = 0s}).objects, 1u);
}

TEST_F(Gc, WhatIsPendingIsNoGarbage) {
  home_.Begin();
  const ChainRecord record = home_.chains().Read(home_.context(), home_.id()).value();
  ASSERT_TRUE(IsOk(home_.chains().Append(home_.context(), home_.Rows(record, 3, 1))));
  EXPECT_EQ(Collect({.grace = 0s}).objects, 0u);
  ASSERT_TRUE(IsOk(home_.chains().PublishAll(home_.context())));
  EXPECT_EQ(Collect({.grace = 0s}).objects, 0u);
  EXPECT_TRUE(IsOk(VerifyRepository(home_.context(), home_.repository(), {.data = false})));
}

TEST_F(Gc, CheckpointsThatBlocksNameStay) {
  const ChainRecord record = home_.Begin();
  ASSERT_TRUE(IsOk(
      home_.chains().Append(home_.context(), home_.Checkpoint(record, "what an engine kept", 1))));
  ASSERT_TRUE(IsOk(home_.chains().PublishAll(home_.context())));
  home_.Checkpoint(record, "of a step that was never committed", 2);
  EXPECT_EQ(Collect({.grace = 0s}).objects, 1u);
  EXPECT_TRUE(IsOk(Verify(home_.context(), home_.chains(), home_.id())));
}

TEST_F(Gc, ARepositoryThatIsNoDatasetOfTheHomeGoesAsAWhole) {
  const Repository stray = home_.chains().RepositoryOf(DatasetHome::IdOf(9));
  ASSERT_TRUE(IsOk(stray.PutBlock(home_.context(), Multihash::Sha3Of({}), {})));
  ASSERT_TRUE(IsOk(stray.SetHead(home_.context(), Multihash::Sha3Of({}))));
  EXPECT_EQ(Collect({.grace = 1h}).repositories, 0u);
  const Collected collected = Collect({.grace = 0s});
  EXPECT_EQ(collected.repositories, 1u);
  EXPECT_EQ(collected.objects, 2u);
  EXPECT_TRUE(IsOk(Verify(home_.context(), home_.chains(), id_)));
}

TEST_F(Gc, ADatasetThatWasDeletedIsKeptForTheGraceTime) {
  const std::string gone = fmt::format(R"({{"at": {}}})", clock_.Now().time_since_epoch().count());
  ASSERT_TRUE(IsOk(home_.store().Transact(
      home_.context(), [&](control::Transaction& all) { return all.Put(GoneKey(id_), gone); })));
  clock_.Advance(59min);
  EXPECT_EQ(Collect({.grace = 1h}).repositories, 0u);
  EXPECT_TRUE(IsOk(Verify(home_.context(), home_.chains(), id_)));
  clock_.Advance(1min);
  EXPECT_EQ(Collect({.dry_run = true, .grace = 1h}).repositories, 1u);
  EXPECT_EQ(Collect({.grace = 1h}).repositories, 1u);
  EXPECT_EQ(CodeOf(home_.chains().Read(home_.context(), id_)), ErrorCode::kNotFound);
  EXPECT_THAT(home_.files().Paths(), IsEmpty());
}

}  // namespace
}  // namespace weir::datasets
