#include "datasets/publisher.h"

#include <gtest/gtest.h>

#include "base/testing/matchers.h"
#include "datasets/keys.h"
#include "datasets/testing/dataset_home.h"

namespace weir::datasets {
namespace {

// Waits for the head of the repository to become `wanted`; a deadline and no luck.
bool IsPublished(DatasetHome& home, const Multihash& wanted) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (std::chrono::steady_clock::now() < deadline) {
    const auto head = home.repository().Head(home.context());
    if (head && *head == wanted) return true;
    std::this_thread::yield();
  }
  return false;
}

TEST(Publisher, BringsCommitsToTheRepository) {
  DatasetHome home;
  const auto log = Logger::Silent();
  const auto publisher = Publisher::Start(home.chains(), *log).value();
  ChainRecord record = home.chains().Append(home.context(), home.Beginning()).value();
  EXPECT_TRUE(IsPublished(home, record.chain.head.value()));
  record = home.chains().Append(home.context(), home.Rows(record, 3, 1)).value();
  EXPECT_TRUE(IsPublished(home, record.chain.head.value()));
}

TEST(Publisher, PublishesWhatIsLeftAsItEnds) {
  DatasetHome home;
  const auto log = Logger::Silent();
  auto publisher = Publisher::Start(home.chains(), *log).value();
  const ChainRecord record = home.chains().Append(home.context(), home.Beginning()).value();
  publisher.reset();
  EXPECT_EQ(home.repository().Head(home.context()).value(), record.chain.head);
}

TEST(ReconcileAll, PublishesWhatACrashLeftPending) {
  DatasetHome home;
  const ChainRecord record = home.chains().Append(home.context(), home.Beginning()).value();
  home.Reopen();
  const auto log = Logger::Silent();
  ASSERT_TRUE(IsOk(ReconcileAll(home.context(), home.chains(), nullptr, *log)));
  EXPECT_EQ(home.repository().Head(home.context()).value(), record.chain.head);
}

// Goal: a home with very many datasets finds the one that is not in step. Method: more of them than
// a page of the control store has, and refs/head of one taken away, of another put back.
TEST(ReconcileAll, FindsTheFewAmongManyThatAreNotInStep) {
  DatasetHome home;
  constexpr int kDatasets = 1100;
  const auto id_of = [](int i) {
    odf::DatasetId::PublicKey key{};
    key[0] = static_cast<std::uint8_t>(i >> 8);
    key[1] = static_cast<std::uint8_t>(i & 0xFF);
    return odf::DatasetId(key);
  };
  ASSERT_TRUE(home.store()
                  .Transact(home.context(),
                            [&](control::Transaction& transaction) -> Status {
                              for (int i = 0; i < kDatasets; ++i) {
                                const auto made =
                                    AppendBlocks(transaction, home.Beginning(id_of(i)));
                                if (!made) return made.error();
                              }
                              return Ok();
                            })
                  .has_value());
  ASSERT_TRUE(IsOk(home.chains().PublishAll(home.context())));
  const odf::DatasetId lost = id_of(3);
  const odf::DatasetId behind = id_of(kDatasets - 1);
  ASSERT_TRUE(IsOk(home.chains().RepositoryOf(lost).Delete(home.context(), "refs/head")));
  const auto seed = home.chains().FindBlock(home.context(), behind, 0);
  ASSERT_TRUE(IsOk(home.chains().RepositoryOf(behind).SetHead(home.context(), seed->hash)));
  home.Reopen();
  ASSERT_TRUE(IsOk(ReconcileAll(home.context(), home.chains(), nullptr, *Logger::Silent())));
  for (const odf::DatasetId& id : {lost, behind}) {
    EXPECT_EQ(home.chains().RepositoryOf(id).Head(home.context()).value(),
              home.chains().Read(home.context(), id)->chain.head);
  }
}

}  // namespace
}  // namespace weir::datasets
