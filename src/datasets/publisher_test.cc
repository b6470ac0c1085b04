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
  ASSERT_TRUE(IsOk(ReconcileAll(home.context(), home.chains(), *log)));
  EXPECT_EQ(home.repository().Head(home.context()).value(), record.chain.head);
}

}  // namespace
}  // namespace weir::datasets
