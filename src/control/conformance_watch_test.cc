// Watches, as store.h promises them.
#include <gtest/gtest.h>

#include <future>
#include <semaphore>
#include <thread>

#include "control/testing/conformance.h"

namespace weir::control {
namespace {

using WatchConformance = StoreConformance;
WEIR_INSTANTIATE_FOR_EVERY_DATABASE(WatchConformance);

Key Thing(const std::string& name) { return Key("things").With(name); }

TEST_P(WatchConformance, ShowsEachChangeOnceAndInOrder) {
  const auto watcher = store().Watch(Key("things"), 0).value();
  EXPECT_EQ(Shown(watcher->Poll().value()), "");
  EXPECT_TRUE(IsOk(Put(Thing("a"), "1")));
  EXPECT_TRUE(IsOk(Put(Thing("a"), "2")));
  EXPECT_TRUE(IsOk(Delete(Thing("a"))));
  EXPECT_EQ(Shown(watcher->Next(Soon(), 100).value()), "+a=1@1 +a=2@2 -a@3");
  EXPECT_EQ(Shown(watcher->Poll().value()), "");
}

TEST_P(WatchConformance, ShowsATransactionAsItsOutcomeInKeyOrder) {
  EXPECT_TRUE(IsOk(Put(Thing("c"), "1")));
  const auto watcher = store().Watch(Key("things"), 1).value();
  EXPECT_TRUE(IsOk(store().Transact(Soon(), [](Transaction& transaction) -> Status {
    EXPECT_TRUE(IsOk(transaction.Put(Thing("b"), "1")));
    EXPECT_TRUE(IsOk(transaction.Put(Thing("a"), "1")));
    EXPECT_TRUE(IsOk(transaction.Put(Thing("b"), "2")));
    EXPECT_TRUE(IsOk(transaction.Put(Thing("d"), "passing")));
    EXPECT_TRUE(IsOk(transaction.Delete(Thing("d"))));
    return transaction.Delete(Thing("c"));
  })));
  EXPECT_EQ(Shown(watcher->Next(Soon(), 100).value()), "+a=1@2 +b=2@2 -c@2");
}

TEST_P(WatchConformance, ShowsOnlyWhatContinuesThePrefix) {
  const auto all = store().Watch(Key("things"), 0).value();
  const auto one = store().Watch(Thing("a"), 0).value();
  EXPECT_TRUE(IsOk(Put(Thing("a"), "1")));
  EXPECT_TRUE(IsOk(Put(Thing("a").With("x"), "2")));
  EXPECT_TRUE(IsOk(Put(Thing("ab"), "3")));
  EXPECT_TRUE(IsOk(Put(Key("others").With("a"), "4")));
  EXPECT_EQ(Shown(all->Next(Soon(), 100).value()), "+a=1@1 +x=2@2 +ab=3@3");
  EXPECT_EQ(Shown(one->Next(Soon(), 100).value()), "+a=1@1 +x=2@2");
}

TEST_P(WatchConformance, ResumesAfterAnyRevision) {
  for (int i = 1; i <= 4; ++i) EXPECT_TRUE(IsOk(Put(Thing("a"), std::to_string(i))));
  Reopen();
  EXPECT_EQ(Shown(store().Watch(Key("things"), 2).value()->Poll().value()), "+a=3@3 +a=4@4");
  EXPECT_EQ(Shown(store().Watch(Key("things"), 4).value()->Poll().value()), "");
  EXPECT_EQ(Shown(store().Watch(Key("things"), 0).value()->Poll(2).value()), "+a=1@1 +a=2@2");
}

TEST_P(WatchConformance, GivesNoMoreThanAskedButNeverHalfACommit) {
  const auto watcher = store().Watch(Key("things"), 0).value();
  EXPECT_TRUE(IsOk(Put(Thing("a"), "1")));
  EXPECT_TRUE(IsOk(store().Transact(Soon(), [](Transaction& transaction) -> Status {
    for (const char* name : {"x", "y", "z"}) {
      EXPECT_TRUE(IsOk(transaction.Put(Thing(name), "2")));
    }
    return Ok();
  })));
  EXPECT_EQ(Shown(watcher->Next(Soon(), 1).value()), "+a=1@1");
  EXPECT_EQ(Shown(watcher->Next(Soon(), 1).value()), "+x=2@2 +y=2@2 +z=2@2");
}

TEST_P(WatchConformance, SaysListAgainForRevisionsNoLongerKept) {
  Reopen({.retention = {.changes = 3}});
  for (int i = 1; i <= 10; ++i) EXPECT_TRUE(IsOk(Put(Thing("a"), std::to_string(i))));
  const auto refused = store().Watch(Key("things"), 2);
  ASSERT_EQ(CodeOf(refused), ErrorCode::kExhausted);
  EXPECT_EQ(refused.error().hint, "list again");
  EXPECT_EQ(Shown(store().Watch(Key("things"), 0).value()->Poll().value()),
            "+a=8@8 +a=9@9 +a=10@10");
  EXPECT_EQ(Shown(store().Watch(Key("things"), 7).value()->Poll(1).value()), "+a=8@8");
}

TEST_P(WatchConformance, SaysListAgainToAWatcherThatFellBehindWhatIsKept) {
  Reopen({.retention = {.changes = 3}, .watch = {.max_commits = 2}});
  const auto slow = store().Watch(Key("things"), 0).value();
  EXPECT_TRUE(IsOk(Put(Thing("a"), "1")));
  EXPECT_EQ(Shown(slow->Next(Soon(), 100).value()), "+a=1@1");
  for (int i = 2; i <= 10; ++i) EXPECT_TRUE(IsOk(Put(Thing("a"), std::to_string(i))));
  const auto over = slow->Poll();
  ASSERT_EQ(CodeOf(over), ErrorCode::kExhausted);
  EXPECT_EQ(over.error().hint, "list again");
  EXPECT_EQ(CodeOf(slow->Poll()), ErrorCode::kExhausted);  // and stays over
}

TEST_P(WatchConformance, AQuietWatcherNeverFallsBehind) {
  Reopen({.retention = {.changes = 3}, .watch = {.max_commits = 2}});
  const auto quiet = store().Watch(Key("quiet"), 0).value();
  EXPECT_EQ(Shown(quiet->Poll().value()), "");
  for (int i = 1; i <= 20; ++i) EXPECT_TRUE(IsOk(Put(Thing("a"), "")));
  EXPECT_TRUE(IsOk(Put(Key("quiet").With("q"), "1")));
  EXPECT_EQ(Shown(quiet->Next(Soon(), 100).value()), "+q=1@21");
}

TEST_P(WatchConformance, ARevisionThatHasNotComeIsOneOfAnotherHistory) {
  EXPECT_TRUE(IsOk(Put(Thing("a"), "1")));
  EXPECT_EQ(CodeOf(store().Watch(Key("things"), 2)), ErrorCode::kExhausted);
  EXPECT_EQ(CodeOf(store().Watch(Key("things"), -1)), ErrorCode::kInvalid);
}

TEST_P(WatchConformance, TellsAQuietWatcherHowFarItCame) {
  Reopen({.watch = {.bookmark_every = 5}});
  const auto quiet = store().Watch(Key("quiet"), 0).value();
  EXPECT_EQ(Shown(quiet->Poll().value()), "");
  for (int i = 1; i <= 5; ++i) EXPECT_TRUE(IsOk(Put(Thing("a"), "")));
  EXPECT_EQ(Shown(quiet->Next(Soon(), 100).value()), "@5");
  EXPECT_EQ(Shown(quiet->Poll().value()), "");
}

TEST_P(WatchConformance, NextWaitsUntilSomethingHappens) {
  const auto watcher = store().Watch(Key("things"), 0).value();
  EXPECT_TRUE(watcher->Poll().value().empty());
  std::jthread writer([&] { EXPECT_TRUE(IsOk(Put(Thing("a"), "1"))); });
  EXPECT_EQ(Shown(watcher->Next(Soon(), 100).value()), "+a=1@1");
}

TEST_P(WatchConformance, NextIsEmptyAtItsDeadline) {
  const auto watcher = store().Watch(Key("things"), 0).value();
  const auto soon = Context::Background().WithTimeout(std::chrono::milliseconds(5));
  EXPECT_TRUE(watcher->Next(soon, 100).value().empty());
}

TEST_P(WatchConformance, NextEndsWhenItsCallerGivesUp) {
  const auto watcher = store().Watch(Key("things"), 0).value();
  std::stop_source stop;
  auto next = std::async(std::launch::async,
                         [&] { return watcher->Next(Soon().WithCancel(stop.get_token()), 100); });
  stop.request_stop();
  EXPECT_EQ(CodeOf(next.get()), ErrorCode::kCancelled);
}

TEST_P(WatchConformance, CallsReadyWheneverThereIsSomething) {
  const auto watcher = store().Watch(Key("things"), 0).value();
  std::counting_semaphore<> called(0);
  watcher->OnReady([&] { called.release(); });
  std::string seen;
  for (int i = 1; i <= 3; ++i) {
    EXPECT_TRUE(IsOk(Put(Thing("a"), std::to_string(i))));
    const std::string wanted = "+a=" + std::to_string(i) + "@" + std::to_string(i);
    // Calls may be spurious, but one must come after the commit.
    std::string shown;
    while (shown.empty()) {
      ASSERT_TRUE(called.try_acquire_for(std::chrono::seconds(20)));
      shown = Shown(watcher->Poll().value());
    }
    EXPECT_EQ(shown, wanted);
  }
}

TEST_P(WatchConformance, CallsReadyAgainWhenAPollLeftSomething) {
  EXPECT_TRUE(IsOk(Put(Thing("a"), "1")));
  EXPECT_TRUE(IsOk(Put(Thing("a"), "2")));
  const auto watcher = store().Watch(Key("things"), 0).value();
  EXPECT_EQ(Shown(watcher->Poll(1).value()), "+a=1@1");
  std::counting_semaphore<> called(0);
  watcher->OnReady([&] { called.release(); });
  ASSERT_TRUE(called.try_acquire_for(std::chrono::seconds(20)));
  EXPECT_EQ(Shown(watcher->Poll(1).value()), "+a=2@2");
}

// Goal: no call runs after OnReady({}) returned. Method: the function uses what is destroyed right
// after; the sanitizers see it if it does so too late.
TEST_P(WatchConformance, NoCallRunsAfterReadyWasTakenBack) {
  for (int i = 0; i < 50; ++i) {
    const auto watcher = store().Watch(Key("things"), 0).value();
    auto calls = std::make_unique<std::atomic<int>>(0);
    watcher->OnReady([&counter = *calls] { ++counter; });
    EXPECT_TRUE(IsOk(Put(Thing("a"), "1")));
    watcher->OnReady({});
    calls.reset();
  }
}

TEST_P(WatchConformance, AWatcherMayOutliveItsStore) {
  const auto watcher = store().Watch(Key("things"), 0).value();
  EXPECT_TRUE(IsOk(Put(Thing("a"), "1")));
  auto next = std::async(std::launch::async, [&] {
    Result<std::vector<WatchEvent>> events = watcher->Next(Soon(), 100);
    while (events && !events->empty()) events = watcher->Next(Soon(), 100);
    return events;
  });
  Reopen();
  EXPECT_EQ(CodeOf(next.get()), ErrorCode::kUnavailable);
  EXPECT_EQ(CodeOf(watcher->Poll()), ErrorCode::kUnavailable);
}

TEST_P(WatchConformance, EveryWatcherSeesWhatManyThreadsCommit) {
  constexpr int kWatchers = 20;
  constexpr int kCommits = 100;
  std::vector<std::unique_ptr<Watcher>> watchers;
  for (int i = 0; i < kWatchers; ++i) watchers.push_back(store().Watch(Key("things"), 0).value());
  {
    std::vector<std::jthread> writers;
    for (int i = 0; i < 4; ++i) {
      writers.emplace_back([&, i] {
        for (int round = 0; round < kCommits / 4; ++round) {
          EXPECT_TRUE(IsOk(Put(Thing(std::to_string(i)), std::to_string(round))));
        }
      });
    }
  }
  for (const auto& watcher : watchers) {
    Revision last = 0;
    while (last < kCommits) {
      const std::vector<WatchEvent> events = watcher->Next(Soon(), 7).value();
      for (const WatchEvent& event : events) {
        EXPECT_EQ(event.revision, last + 1);
        last = event.revision;
      }
    }
    EXPECT_TRUE(watcher->Poll().value().empty());
  }
}

}  // namespace
}  // namespace weir::control
