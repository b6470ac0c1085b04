#include "datasets/history.h"

#include <gtest/gtest.h>

#include "datasets/adopt.h"
#include "datasets/testing/dataset_home.h"

namespace weir::datasets {
namespace {

ReadPoint PointOf(const ChainRecord& record) {
  return {.head = *record.chain.head,
          .sequence_number = record.chain.sequence_number,
          .vocab = record.chain.vocab};
}

std::size_t FilesOf(DatasetHome& home, const ChainRecord& record) {
  return ReadHistory(home.context(), home.chains(), home.id(), PointOf(record))
      .value()
      ->source->files.size();
}

TEST(History, GrowsWithTheChainAndIsKeptAsItIs) {
  DatasetHome home;
  const ChainRecord begun = home.Begin();
  EXPECT_EQ(FilesOf(home, begun), 0U);
  const ChainRecord one = home.chains().Append(home.context(), home.Rows(begun, 3, 1)).value();
  const auto first = HistoryOf(home.context(), home.chains(), home.id(), one).value();
  EXPECT_EQ(first, HistoryOf(home.context(), home.chains(), home.id(), one).value());
  const ChainRecord two = home.chains().Append(home.context(), home.Rows(one, 2, 2)).value();
  const auto both = HistoryOf(home.context(), home.chains(), home.id(), two).value();
  ASSERT_EQ(both->files.size(), 2U);
  EXPECT_EQ(both->files[1].rows, 2U);
  EXPECT_EQ(first->files.size(), 1U) << "who holds it reads on undisturbed";
}

TEST(History, OfAnEarlierBlockHasOnlyWhatWasThereThen) {
  DatasetHome home;
  const ChainRecord begun = home.Begin();
  const ChainRecord one = home.chains().Append(home.context(), home.Rows(begun, 3, 1)).value();
  const ChainRecord two = home.chains().Append(home.context(), home.Rows(one, 2, 2)).value();
  EXPECT_EQ(FilesOf(home, two), 2U);
  EXPECT_EQ(FilesOf(home, one), 1U);
  EXPECT_EQ(FilesOf(home, begun), 0U);
  EXPECT_EQ(FilesOf(home, two), 2U);
}

TEST(History, OfAChainThatWasReplacedIsReadAnew) {
  DatasetHome home;
  const ChainRecord begun = home.Begin();
  const ChainRecord one = home.chains().Append(home.context(), home.Rows(begun, 3, 1, 1)).value();
  EXPECT_EQ(FilesOf(home, one), 1U);
  // The repository goes back, as if another tool had put an older copy there.
  home.chains().Publish(home.context(), home.id()).value();
  home.repository().SetHead(home.context(), *begun.chain.head).value();
  const ChainRecord back = RebuildIndex(home.context(), home.chains(), home.id()).value();
  EXPECT_EQ(FilesOf(home, back), 0U);
  const ChainRecord other = home.chains().Append(home.context(), home.Rows(back, 5, 9, 2)).value();
  const auto history =
      ReadHistory(home.context(), home.chains(), home.id(), PointOf(other)).value();
  ASSERT_EQ(history->source->files.size(), 1U);
  EXPECT_EQ(history->source->files[0].rows, 5U);
  EXPECT_EQ(ReadHistory(home.context(), home.chains(), home.id(), PointOf(one)).error().code,
            ErrorCode::kConflict);
}

TEST(HistoryCache, ForgetsTheOldestBeyondItsBound) {
  HistoryCache cache;
  const auto of = [](std::size_t files) {
    auto history = std::make_shared<History>();
    history->parts.resize(files);
    return history;
  };
  cache.Keep(DatasetHome::IdOf(1), of(HistoryCache::kMostFiles / 2));
  cache.Keep(DatasetHome::IdOf(2), of(HistoryCache::kMostFiles / 2));
  EXPECT_TRUE(cache.Find(DatasetHome::IdOf(1)));
  cache.Keep(DatasetHome::IdOf(3), of(1));
  EXPECT_TRUE(cache.Find(DatasetHome::IdOf(1)));
  EXPECT_FALSE(cache.Find(DatasetHome::IdOf(2)));
  EXPECT_TRUE(cache.Find(DatasetHome::IdOf(3)));
}

}  // namespace
}  // namespace weir::datasets
