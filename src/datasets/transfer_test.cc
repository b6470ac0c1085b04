#include "datasets/transfer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/matchers.h"
#include "datasets/adopt.h"
#include "datasets/keys.h"
#include "datasets/publisher.h"
#include "datasets/testing/dataset_home.h"
#include "datasets/testing/golden_dataset.h"
#include "datasets/verify.h"
#include "objects/local_object_store.h"

namespace weir::datasets {
namespace {

using testing::HasSubstr;

const TransferOptions kForced{.if_diverged = IfDiverged::kReplace};

// A repository somewhere else, with a dataset of Kamu's in it.
struct Elsewhere {
  Elsewhere() { golden.PutInto(store); }

  std::string Content(const std::string& key) { return files.ReadAll("/there/" + key).value(); }

  GoldenDataset golden;
  FakeFiles files;
  objects::LocalObjectStore store{"/there", files};
  Repository repository{store, ""};
};

// A block of ours on top.
Multihash Describe(DatasetHome& home, const odf::DatasetId& id, const std::string& description) {
  const ChainRecord record = home.chains().Read(home.context(), id).value();
  const AppendRequest request{.id = id,
                              .expected_head = record.chain.head,
                              .system_time = record.chain.system_time,
                              .blocks = {{.event = {odf::SetInfo{.description = description}}}}};
  return *home.chains().Append(home.context(), request).value().chain.head;
}

Result<Pulled> PullInto(DatasetHome& home, const Repository& from,
                        const TransferOptions& options = {}) {
  return Pull(home.context(), home.chains(), from, std::nullopt, options);
}

TEST(Transfer, ADatasetOfAnotherToolIsPulledVerifiedAndPulledAgainForNothing) {
  Elsewhere there;
  DatasetHome home;
  const auto pulled = PullInto(home, there.repository);
  ASSERT_TRUE(IsOk(pulled));
  EXPECT_TRUE(pulled->is_new);
  EXPECT_EQ(pulled->id, there.golden.id);
  EXPECT_EQ(pulled->transferred.blocks, 9u);
  EXPECT_EQ(pulled->transferred.objects, 2u);
  EXPECT_EQ(pulled->transferred.bytes, 4003u);
  EXPECT_EQ(Verify(home.context(), home.chains(), pulled->id)->records, 9u);
  EXPECT_EQ(*home.chains().RepositoryOf(pulled->id).Head(home.context()), pulled->head);

  const auto again = Pull(home.context(), home.chains(), there.repository, pulled->id);
  ASSERT_TRUE(IsOk(again));
  EXPECT_FALSE(again->is_new);
  EXPECT_EQ(again->transferred.blocks, 0u);
}

TEST(Transfer, WhatWasPushedHasTheSameBytes) {
  Elsewhere there;
  DatasetHome home;
  const odf::DatasetId id = PullInto(home, there.repository)->id;
  FakeFiles files;
  objects::LocalObjectStore store("/copy", files);
  const auto pushed = Push(home.context(), home.chains(), id, {store, ""}, {.alias = "population"});
  ASSERT_TRUE(IsOk(pushed));
  EXPECT_EQ(pushed->blocks, 9u);
  EXPECT_EQ(files.Paths().size(), there.files.Paths().size());
  for (const auto& [key, content] : there.golden.objects) {
    EXPECT_EQ(files.ReadAll("/copy/" + key).value(), content) << key;
  }
}

TEST(Transfer, OnlyWhatIsNewTravelsBothWays) {
  Elsewhere there;
  DatasetHome first;
  DatasetHome second;
  const odf::DatasetId id = PullInto(first, there.repository)->id;
  ASSERT_TRUE(IsOk(PullInto(second, there.repository)));
  const Multihash head = Describe(first, id, "more");
  const auto pushed = Push(first.context(), first.chains(), id, there.repository);
  ASSERT_TRUE(IsOk(pushed));
  EXPECT_EQ(pushed->blocks, 1u);
  EXPECT_EQ(pushed->bytes, 0u);
  for (const auto& expected : {std::optional(id), std::optional<odf::DatasetId>()}) {
    const auto pulled = Pull(second.context(), second.chains(), there.repository, expected);
    ASSERT_TRUE(IsOk(pulled));
    EXPECT_EQ(pulled->transferred.blocks, expected ? 1u : 0u);
  }
  EXPECT_EQ(second.chains().Read(second.context(), id)->chain.head, head);
  EXPECT_TRUE(IsOk(Verify(second.context(), second.chains(), id)));
}

TEST(Transfer, HistoriesThatWentApartAreRefusedUnlessForced) {
  Elsewhere there;
  DatasetHome first;
  DatasetHome second;
  const odf::DatasetId id = PullInto(first, there.repository)->id;
  ASSERT_TRUE(IsOk(PullInto(second, there.repository)));
  const Multihash theirs = Describe(first, id, "theirs");
  const Multihash ours = Describe(second, id, "ours");
  ASSERT_TRUE(IsOk(Push(first.context(), first.chains(), id, there.repository)));

  const auto pulled = PullInto(second, there.repository);
  ASSERT_EQ(CodeOf(pulled), ErrorCode::kConflict);
  EXPECT_THAT(pulled.error().message, HasSubstr(ours.ToText()));
  EXPECT_THAT(pulled.error().message, HasSubstr(theirs.ToText()));
  EXPECT_EQ(CodeOf(Push(second.context(), second.chains(), id, there.repository)),
            ErrorCode::kConflict);
  EXPECT_EQ(second.chains().Read(second.context(), id)->chain.head, ours);

  ASSERT_TRUE(
      IsOk(Push(second.context(), second.chains(), id, there.repository, {.transfer = kForced})));
  EXPECT_EQ(*there.repository.Head(second.context()), ours);
  ASSERT_TRUE(IsOk(PullInto(first, there.repository, kForced)));
  EXPECT_EQ(first.chains().Read(first.context(), id)->chain.head, ours);
  EXPECT_TRUE(IsOk(Verify(first.context(), first.chains(), id)));
}

// Goal: a forced pull that was interrupted is finished by another one, without a trace of the chain
// that was given up. Method: leave what each of its steps leaves, as a process that died.
TEST(Transfer, AForcedPullThatWasInterruptedIsFinishedByRepeatingIt) {
  enum class After { kHeadMoved, kRecordForgotten, kIndexForgotten };
  for (const After after : {After::kHeadMoved, After::kRecordForgotten, After::kIndexForgotten}) {
    SCOPED_TRACE(static_cast<int>(after));
    Elsewhere there;
    DatasetHome home;
    const auto pulled = PullInto(home, there.repository);
    const odf::DatasetId id = pulled->id;
    const Multihash ours = Describe(home, id, "ours");
    ASSERT_TRUE(IsOk(home.chains().Publish(home.context(), id)));
    const auto undone = [&](const control::Key& key) {
      return home.store()
          .Transact(home.context(),
                    [&](control::Transaction& transaction) { return transaction.Delete(key); })
          .has_value();
    };
    ASSERT_TRUE(IsOk(home.chains().RepositoryOf(id).SetHead(home.context(), pulled->head)));
    if (after == After::kRecordForgotten) {
      ASSERT_TRUE(undone(HeadKey(id)));
    }
    if (after == After::kIndexForgotten) {
      ASSERT_TRUE(IsOk(ForgetIndex(home.context(), home.store(), id)));
    }
    home.Reopen();
    ASSERT_TRUE(IsOk(ReconcileAll(home.context(), home.chains(), nullptr, *Logger::Silent())));
    ASSERT_TRUE(IsOk(Pull(home.context(), home.chains(), there.repository, id, kForced)));
    EXPECT_EQ(home.chains().Read(home.context(), id)->chain.head, pulled->head);
    EXPECT_EQ(CodeOf(home.chains().FindBlock(home.context(), id, ours)), ErrorCode::kNotFound);
    EXPECT_TRUE(IsOk(Verify(home.context(), home.chains(), id)));
    EXPECT_TRUE(IsOk(home.chains().Append(
        home.context(), {.id = id,
                         .expected_head = pulled->head,
                         .system_time = home.chains().Read(home.context(), id)->chain.system_time,
                         .blocks = {{.event = {odf::SetInfo{.description = "goes on"}}}}})));
  }
}

TEST(Transfer, ARepositoryThatIsBehindGivesNothingUnlessForced) {
  Elsewhere there;
  DatasetHome home;
  const auto pulled = PullInto(home, there.repository);
  const Multihash ours = Describe(home, pulled->id, "ours");
  ASSERT_TRUE(IsOk(PullInto(home, there.repository)));
  EXPECT_EQ(home.chains().Read(home.context(), pulled->id)->chain.head, ours);
  ASSERT_TRUE(IsOk(PullInto(home, there.repository, kForced)));
  EXPECT_EQ(home.chains().Read(home.context(), pulled->id)->chain.head, pulled->head);
  EXPECT_TRUE(IsOk(Verify(home.context(), home.chains(), pulled->id)));
}

TEST(Transfer, AnotherDatasetIsNeverWrittenOver) {
  Elsewhere there;
  DatasetHome home;
  home.Begin();
  EXPECT_EQ(CodeOf(Push(home.context(), home.chains(), home.id(), there.repository,
                        {.transfer = kForced})),
            ErrorCode::kConflict);
  EXPECT_EQ(CodeOf(Pull(home.context(), home.chains(), there.repository, home.id(), kForced)),
            ErrorCode::kConflict);
}

TEST(Transfer, ThereIsNothingToPullWithoutAHead) {
  DatasetHome home;
  FakeFiles files;
  objects::LocalObjectStore store("/empty", files);
  EXPECT_EQ(CodeOf(PullInto(home, {store, ""})), ErrorCode::kNotFound);
}

// Goal: nothing that is damaged becomes ours. Method: in each object of the repository in turn a
// bit is flipped, the end cut off, the object taken away.
TEST(Transfer, WhateverIsDamagedThereIsNotTakenOver) {
  const GoldenDataset golden;
  for (const auto& [key, content] : golden.objects) {
    if (key == "info/alias" || key == "refs/head") continue;
    std::string flipped = content;
    flipped[flipped.size() / 2] ^= 0x10;
    for (const std::string& damaged :
         {flipped, content.substr(0, content.size() - 1), content + "x"}) {
      Elsewhere there;
      ASSERT_TRUE(IsOk(there.store.Put(Context::Background(), key, AsBytes(damaged))));
      DatasetHome home;
      EXPECT_EQ(CodeOf(PullInto(home, there.repository)), ErrorCode::kCorrupt) << key;
      EXPECT_THAT(home.chains().List(home.context()).value(), testing::IsEmpty());
      EXPECT_FALSE(home.chains().RepositoryOf(golden.id).Head(home.context()).value());
    }
    Elsewhere there;
    ASSERT_TRUE(IsOk(there.store.Delete(Context::Background(), key)));
    DatasetHome home;
    EXPECT_EQ(CodeOf(PullInto(home, there.repository)), ErrorCode::kCorrupt) << key;
  }
}

TEST(Transfer, WhatIsDamagedHereIsNotPassedOn) {
  Elsewhere there;
  DatasetHome home;
  const odf::DatasetId id = PullInto(home, there.repository)->id;
  for (const auto& path : home.files().Paths()) {
    if (path.string().find("/data/") != std::string::npos) home.files().FlipBit(path, 999);
  }
  FakeFiles files;
  objects::LocalObjectStore store("/copy", files);
  EXPECT_EQ(CodeOf(Push(home.context(), home.chains(), id, {store, ""})), ErrorCode::kCorrupt);
  EXPECT_FALSE(Repository(store, "").Head(home.context()).value());
}

// Goal: a pull that fails shows nothing, and the next one goes on. Method: fail the first call of
// the file system, then the second, and so on until a pull gets through; after each failure cut the
// power, look, and pull again.
TEST(Transfer, APullMayFailAnywhereAndIsResumed) {
  Elsewhere there;
  for (int failing = 0;; ++failing) {
    SCOPED_TRACE(failing);
    DatasetHome home;
    home.files().FailCall(failing);
    const bool was_lucky = bool(PullInto(home, there.repository));
    if (was_lucky && failing > 20) break;
    if (!was_lucky) {
      home.files().CutPower();
      home.Reopen();
    }
    for (const odf::DatasetId& id : home.chains().List(home.context()).value()) {
      ASSERT_TRUE(IsOk(Verify(home.context(), home.chains(), id)));
    }
    const auto pulled = PullInto(home, there.repository);
    ASSERT_TRUE(IsOk(pulled));
    ASSERT_TRUE(IsOk(Verify(home.context(), home.chains(), pulled->id)));
  }
}

TEST(Transfer, APushMayFailAnywhereAndIsResumed) {
  Elsewhere there;
  DatasetHome home;
  const odf::DatasetId id = PullInto(home, there.repository)->id;
  for (int failing = 0;; ++failing) {
    SCOPED_TRACE(failing);
    FakeFiles files;
    objects::LocalObjectStore store("/copy", files);
    files.FailCall(failing);
    if (Push(home.context(), home.chains(), id, {store, ""}) && failing > 20) break;
    files.CutPower();
    if (*Repository(store, "").Head(home.context())) {
      ASSERT_TRUE(IsOk(VerifyRepository(home.context(), {store, ""})));
    }
    ASSERT_TRUE(IsOk(Push(home.context(), home.chains(), id, {store, ""})));
    ASSERT_TRUE(IsOk(VerifyRepository(home.context(), {store, ""})));
  }
}

TEST(Transfer, WhatHadComeIsNotFetchedAgainUnlessItIsDamaged) {
  Elsewhere there;
  DatasetHome home;
  std::vector<std::string> slices;
  for (const auto& [key, content] : there.golden.objects) {
    if (!key.starts_with("data/")) continue;
    std::string come = content;
    if (!slices.empty()) come[100] ^= 1;  // the second one rotted
    slices.push_back(content);
    const std::string there_too = there.golden.id.ToMultibase() + "/" + key;
    ASSERT_TRUE(IsOk(home.objects().Put(home.context(), there_too, AsBytes(come))));
  }
  const auto pulled = PullInto(home, there.repository);
  ASSERT_TRUE(IsOk(pulled));
  EXPECT_EQ(pulled->transferred.objects, 2u);
  EXPECT_EQ(pulled->transferred.bytes, slices[1].size());
  EXPECT_TRUE(IsOk(Verify(home.context(), home.chains(), pulled->id)));
}

TEST(Transfer, TellsHowFarItIs) {
  Elsewhere there;
  DatasetHome home;
  Transferred last;
  const auto pulled = PullInto(home, there.repository,
                               {.on_progress = [&](const Transferred& now) { last = now; }});
  ASSERT_TRUE(IsOk(pulled));
  EXPECT_EQ(last.all_objects, 2u);
  EXPECT_EQ(last.all_bytes, 4003u);
  EXPECT_EQ(last.bytes, 4003u);
  EXPECT_EQ(last.blocks, 9u);
}

// A dataset with two checkpoints, published.
ChainRecord WithCheckpoints(DatasetHome& home) {
  ChainRecord record = home.Begin();
  for (int i = 1; i <= 2; ++i) {
    const auto request = home.Checkpoint(record, "what an engine kept, " + std::to_string(i), i);
    record = home.chains().Append(home.context(), request).value();
  }
  home.chains().PublishAll(home.context()).value();
  return record;
}

TEST(Transfer, CheckpointsTravelAndAFlippedBitInOneIsFound) {
  DatasetHome first;
  WithCheckpoints(first);
  DatasetHome second;
  const auto pulled = PullInto(second, first.repository());
  ASSERT_TRUE(IsOk(pulled));
  EXPECT_EQ(pulled->transferred.objects, 2u);
  EXPECT_EQ(Verify(second.context(), second.chains(), pulled->id)->checkpoints, 2u);
  for (const auto& path : second.files().Paths()) {
    if (path.parent_path().filename() != "checkpoints") continue;
    for (std::uint64_t bit = 0; bit < 22 * 8; ++bit) {
      second.files().FlipBit(path, bit);
      ASSERT_EQ(CodeOf(Verify(second.context(), second.chains(), pulled->id)), ErrorCode::kCorrupt);
      second.files().FlipBit(path, bit);
    }
    second.files().FlipBit(path);
    FakeFiles files;
    objects::LocalObjectStore store("/copy", files);
    EXPECT_EQ(CodeOf(Push(second.context(), second.chains(), pulled->id, {store, ""})),
              ErrorCode::kCorrupt);
    second.files().FlipBit(path);
  }
}

}  // namespace
}  // namespace weir::datasets
