#include "datasets/adopt.h"

#include <gtest/gtest.h>

#include "base/testing/matchers.h"
#include "datasets/keys.h"
#include "datasets/testing/dataset_home.h"
#include "datasets/verify.h"
#include "odf/codec.h"

namespace weir::datasets {
namespace {

using Outcome = Reconciled::Outcome;

// As another tool would append: straight into the repository.
Multihash AppendElsewhere(DatasetHome& home, const ChainRecord& record, int second,
                          const std::string& description) {
  const odf::MetadataBlock block{.system_time = home.Second(second),
                                 .prev_block_hash = record.chain.head,
                                 .sequence_number = record.chain.sequence_number + 1,
                                 .event = {odf::SetInfo{.description = description}}};
  const Bytes bytes = odf::EncodeBlock(block);
  const Multihash hash = odf::HashOfBlock(bytes);
  home.repository().PutBlock(home.context(), hash, bytes).value();
  home.repository().SetHead(home.context(), hash).value();
  return hash;
}

ChainRecord WithInfo(DatasetHome& home, const ChainRecord& record, int second) {
  const AppendRequest request{.id = home.id(),
                              .expected_head = record.chain.head,
                              .system_time = home.Second(second),
                              .blocks = {{.event = {odf::SetInfo{.description = "ours"}}}}};
  return home.chains().Append(home.context(), request).value();
}

TEST(Reconcile, LeavesWhatIsInStep) {
  DatasetHome home;
  home.Begin();
  EXPECT_EQ(Reconcile(home.context(), home.chains(), home.id())->outcome, Outcome::kInStep);
}

TEST(Reconcile, AHeadThatIsBehindIsPutAgain) {
  DatasetHome home;
  const ChainRecord before = home.Begin();
  const ChainRecord after = WithInfo(home, before, 1);
  ASSERT_TRUE(IsOk(home.chains().PublishAll(home.context())));
  ASSERT_TRUE(IsOk(home.repository().SetHead(home.context(), *before.chain.head)));
  EXPECT_EQ(Reconcile(home.context(), home.chains(), home.id())->outcome, Outcome::kPublishedAgain);
  EXPECT_EQ(*home.repository().Head(home.context()), after.chain.head);
}

TEST(Reconcile, WhatAnotherToolAppendedBecomesOurs) {
  DatasetHome home;
  const ChainRecord before = home.Begin();
  const Multihash theirs = AppendElsewhere(home, before, 5, "theirs");
  const auto reconciled = Reconcile(home.context(), home.chains(), home.id());
  ASSERT_TRUE(IsOk(reconciled));
  EXPECT_EQ(reconciled->outcome, Outcome::kAdopted);
  EXPECT_EQ(reconciled->blocks, 1u);
  const ChainRecord after = home.chains().Read(home.context(), home.id()).value();
  EXPECT_EQ(after.chain.head, theirs);
  WithInfo(home, after, 6);
  EXPECT_TRUE(IsOk(Verify(home.context(), home.chains(), home.id())));
}

TEST(Reconcile, TwoHeadsStopTheDatasetAndAreBothNamed) {
  DatasetHome home;
  const ChainRecord before = home.Begin();
  const Multihash theirs = AppendElsewhere(home, before, 5, "theirs");
  const ChainRecord ours = WithInfo(home, before, 5);
  const auto reconciled = Reconcile(home.context(), home.chains(), home.id());
  ASSERT_TRUE(IsOk(reconciled));
  EXPECT_EQ(reconciled->outcome, Outcome::kStopped);
  for (const Multihash& head : {theirs, *ours.chain.head}) {
    EXPECT_NE(reconciled->reason.find(head.ToText()), std::string::npos);
  }
  const auto refused = home.chains().Append(home.context(), home.Rows(ours, 1, 9));
  EXPECT_EQ(CodeOf(refused), ErrorCode::kUnavailable);
  EXPECT_EQ(*home.repository().Head(home.context()), theirs) << "nothing was written over";
}

TEST(Reconcile, ADescendantThatBreaksARuleIsNotAdopted) {
  DatasetHome home;
  const ChainRecord before = home.Begin();
  AppendElsewhere(home, before, -5, "back in time");
  EXPECT_EQ(CodeOf(Reconcile(home.context(), home.chains(), home.id())), ErrorCode::kInvalid);
  EXPECT_EQ(home.chains().Read(home.context(), home.id())->chain.head, before.chain.head);
}

TEST(Reconcile, AHeadThatLeadsNowhereIsAnError) {
  DatasetHome home;
  home.Begin();
  ASSERT_TRUE(IsOk(home.repository().SetHead(home.context(), Multihash::Sha3Of({}))));
  EXPECT_EQ(CodeOf(Reconcile(home.context(), home.chains(), home.id())), ErrorCode::kNotFound);
}

TEST(RebuildIndex, GivesTheSameRecordsAgain) {
  DatasetHome home;
  ChainRecord record = home.Begin();
  for (int second = 1; second < 600; ++second) record = WithInfo(home, record, second);
  ASSERT_TRUE(IsOk(home.store().Transact(home.context(), [&](control::Transaction& all) {
    return all.Put(HeadKey(home.id()), "damaged");
  })));
  EXPECT_EQ(CodeOf(home.chains().Read(home.context(), home.id())), ErrorCode::kCorrupt);

  ASSERT_TRUE(IsOk(RebuildIndex(home.context(), home.chains(), home.id())));
  const auto rebuilt = home.chains().Read(home.context(), home.id());
  ASSERT_TRUE(IsOk(rebuilt));
  EXPECT_EQ(EncodeHead(*rebuilt), EncodeHead(record));
  EXPECT_EQ(home.chains().Blocks(home.context(), home.id(), {.limit = 1000})->size(), 602u);
}

TEST(RebuildIndex, RefusesTheRepositoryOfAnotherDataset) {
  DatasetHome home;
  home.Begin(DatasetHome::IdOf(1));
  const auto head = home.chains().RepositoryOf(DatasetHome::IdOf(1)).Head(home.context());
  const auto row = home.chains().FindBlock(home.context(), DatasetHome::IdOf(1), **head);
  for (const BlockRow& block : *home.chains().Blocks(home.context(), DatasetHome::IdOf(1))) {
    const auto bytes = home.chains().ReadBlock(home.context(), DatasetHome::IdOf(1), block);
    ASSERT_TRUE(IsOk(home.repository().PutBlock(home.context(), block.hash, *bytes)));
  }
  ASSERT_TRUE(IsOk(home.repository().SetHead(home.context(), row->hash)));
  EXPECT_EQ(CodeOf(RebuildIndex(home.context(), home.chains(), home.id())), ErrorCode::kCorrupt);
}

}  // namespace
}  // namespace weir::datasets
