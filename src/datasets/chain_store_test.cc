#include "datasets/chain_store.h"

#include <gtest/gtest.h>

#include <thread>

#include "base/testing/matchers.h"
#include "datasets/keys.h"
#include "datasets/testing/dataset_home.h"
#include "odf/codec.h"

namespace weir::datasets {
namespace {

TEST(ChainStore, KeepsAChainThatItsBlocksAddUpTo) {
  DatasetHome home;
  ChainRecord record = home.Begin();
  record = home.chains().Append(home.context(), home.Rows(record, 10, 1)).value();
  record = home.chains().Append(home.context(), home.Rows(record, 5, 2)).value();

  const auto rows = home.chains().Blocks(home.context(), home.id());
  ASSERT_TRUE(IsOk(rows));
  ASSERT_EQ(rows->size(), 5u);
  odf::ChainState replayed;
  for (const BlockRow& row : *rows) {
    const auto bytes = home.chains().ReadBlock(home.context(), home.id(), row);
    ASSERT_TRUE(IsOk(bytes));
    const auto block = odf::DecodeBlock(*bytes);
    ASSERT_TRUE(IsOk(odf::AppendToChain(replayed, row.hash, block->block, odf::Strictness::kOurs)));
  }
  EXPECT_EQ(replayed.head, record.chain.head);
  EXPECT_EQ(record.records, 15u);
  EXPECT_EQ(record.slices, 2u);

  const auto read = home.chains().Read(home.context(), home.id());
  ASSERT_TRUE(IsOk(read));
  EXPECT_EQ(EncodeHead(*read), EncodeHead(record));
  EXPECT_EQ(EncodeInForce(read->chain), EncodeInForce(replayed));
}

TEST(ChainStore, FindsBlocksByNumberHashAndTime) {
  DatasetHome home;
  ChainRecord record = home.Begin();
  for (int second = 1; second <= 20; ++second) {
    record = home.chains().Append(home.context(), home.Rows(record, 1, 10 * second)).value();
  }
  const auto find = [&](auto what) {
    return home.chains().FindBlock(home.context(), home.id(), what);
  };
  EXPECT_EQ(find(std::uint64_t{7})->system_time, home.Second(50));
  EXPECT_EQ(find(record.chain.head.value())->sequence_number, 22u);
  EXPECT_EQ(find(home.Second(0))->sequence_number, 2u);
  EXPECT_EQ(find(home.Second(49))->sequence_number, 6u);
  EXPECT_EQ(find(home.Second(50))->sequence_number, 7u);
  EXPECT_EQ(find(home.Second(9999))->sequence_number, 22u);
  EXPECT_EQ(CodeOf(find(home.Second(-1))), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(find(std::uint64_t{23})), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(find(Multihash::Sha3Of({}))), ErrorCode::kNotFound);

  const auto newest = home.chains().BlocksBack(home.context(), home.id(), {.limit = 2});
  ASSERT_EQ(newest->size(), 2u);
  EXPECT_EQ(newest->front().sequence_number, 22u);
  const auto older = home.chains().BlocksBack(home.context(), home.id(), {.after = 21, .limit = 1});
  EXPECT_EQ(older->front().sequence_number, 20u);
}

TEST(ChainStore, FindsTheSliceOfAnOffset) {
  DatasetHome home;
  ChainRecord record = home.Begin();
  for (const std::uint64_t rows : {10, 1, 5}) {
    record = home.chains().Append(home.context(), home.Rows(record, rows, 1)).value();
  }
  const auto first_of = [&](std::uint64_t offset) {
    return home.chains().FindSlice(home.context(), home.id(), offset)->slice.offset_interval.start;
  };
  EXPECT_EQ(first_of(0), 0u);
  EXPECT_EQ(first_of(9), 0u);
  EXPECT_EQ(first_of(10), 10u);
  EXPECT_EQ(first_of(11), 11u);
  EXPECT_EQ(first_of(15), 11u);
  EXPECT_EQ(CodeOf(home.chains().FindSlice(home.context(), home.id(), 16)), ErrorCode::kNotFound);
  EXPECT_EQ(home.chains().Slices(home.context(), home.id(), {.after = 0})->size(), 2u);
}

TEST(ChainStore, OneOfTwoWritersWinsAndTheOtherIsToldBothHeads) {
  DatasetHome home;
  const ChainRecord before = home.Begin();
  const AppendRequest mine = home.Rows(before, 1, 1, 1);
  const AppendRequest theirs = home.Rows(before, 1, 1, 2);
  const ChainRecord after = home.chains().Append(home.context(), theirs).value();
  const auto refused = home.chains().Append(home.context(), mine);
  EXPECT_EQ(CodeOf(refused), ErrorCode::kConflict);
  EXPECT_NE(refused.error().message.find(after.chain.head->ToText()), std::string::npos);
  EXPECT_NE(refused.error().message.find(before.chain.head->ToText()), std::string::npos);
  EXPECT_EQ(CodeOf(home.chains().Append(home.context(), home.Beginning())),
            ErrorCode::kAlreadyExists);
}

TEST(ChainStore, ABlockThatBreaksARuleChangesNothing) {
  DatasetHome home;
  const ChainRecord record = home.Begin();
  AppendRequest request = home.Rows(record, 3, 1);
  request.blocks.push_back({.event = {odf::Seed{.dataset_id = home.id()}}});
  const auto refused = home.chains().Append(home.context(), request);
  EXPECT_EQ(CodeOf(refused), ErrorCode::kInvalid);
  EXPECT_EQ(home.chains().Read(home.context(), home.id())->chain.head, record.chain.head);
  EXPECT_TRUE(home.chains().Slices(home.context(), home.id())->empty());
}

TEST(ChainStore, NeverGoesBackInTime) {
  DatasetHome home;
  ChainRecord record = home.Begin();
  record = home.chains().Append(home.context(), home.Rows(record, 1, 10)).value();
  EXPECT_EQ(CodeOf(home.chains().Append(home.context(), home.Rows(record, 1, 9))),
            ErrorCode::kInvalid);
}

TEST(ChainStore, SixteenThreadsThatTryAgainAllGetTheirRowsIn) {
  DatasetHome home;
  home.Begin();
  constexpr int kThreads = 16;
  constexpr int kAppends = 5;
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (int done = 0; done < kAppends;) {
        const auto record = home.chains().Read(home.context(), home.id());
        const auto request = home.Rows(*record, 2, 1, thread);
        const auto appended = home.chains().Append(home.context(), request);
        if (appended) {
          ++done;
        } else {
          ASSERT_EQ(CodeOf(appended), ErrorCode::kConflict);
        }
      }
    });
  }
  threads.clear();
  const auto record = home.chains().Read(home.context(), home.id());
  EXPECT_EQ(record->records, 2u * kThreads * kAppends);
  EXPECT_EQ(record->chain.sequence_number, 2u + kThreads * kAppends);
}

TEST(ChainStore, ListsItsDatasets) {
  DatasetHome home;
  for (const std::uint8_t number : {3, 1, 2}) home.Begin(DatasetHome::IdOf(number));
  EXPECT_EQ(home.chains().List(home.context())->size(), 3u);
  EXPECT_EQ(CodeOf(home.chains().Read(home.context(), home.id())), ErrorCode::kNotFound);
}

TEST(ChainStore, AnnouncesEachCommitOnce) {
  DatasetHome home;
  ChainRecord record = home.Begin();
  record = home.chains().Append(home.context(), home.Rows(record, 1, 1)).value();
  const auto events = home.store().ReadOutbox(home.context(), kCommitted, "test", 10);
  ASSERT_EQ(events->size(), 2u);
  EXPECT_NE(events->back().payload.find(record.chain.head->ToText()), std::string::npos);
}

}  // namespace
}  // namespace weir::datasets
