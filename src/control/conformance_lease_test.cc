// Leases, as store.h promises them.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "control/testing/conformance.h"

namespace weir::control {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class LeaseConformance : public StoreConformance {
 protected:
  Result<Lease> Acquire(const std::string& holder) {
    return store().Acquire(Soon(), "gc", holder, seconds(10));
  }
  /// A write that stands only while `lease` is held.
  Result<Revision> WriteUnder(const Lease& lease) {
    return store().Transact(Soon(), [&](Transaction& transaction) -> Status {
      RETURN_IF_ERROR(transaction.Put(Key("things").With("a"), lease.holder));
      return transaction.Fence(lease);
    });
  }
};
WEIR_INSTANTIATE_FOR_EVERY_DATABASE(LeaseConformance);

TEST_P(LeaseConformance, OneHolderAtATime) {
  const Lease lease = Acquire("anna").value();
  EXPECT_EQ(lease.epoch, 1);
  const auto refused = Acquire("ben");
  ASSERT_EQ(CodeOf(refused), ErrorCode::kConflict);
  EXPECT_NE(refused.error().message.find("anna"), std::string::npos);
}

TEST_P(LeaseConformance, TheSameHolderKeepsItsEpoch) {
  EXPECT_EQ(Acquire("anna").value().epoch, 1);
  clock().Advance(seconds(6));
  EXPECT_EQ(Acquire("anna").value().epoch, 1);
  clock().Advance(seconds(6));  // the second call made it last longer
  EXPECT_EQ(CodeOf(Acquire("ben")), ErrorCode::kConflict);
}

TEST_P(LeaseConformance, ExpiresExactlyAtItsEnd) {
  const Lease old = Acquire("anna").value();
  clock().Advance(seconds(10) - milliseconds(1));
  EXPECT_EQ(CodeOf(Acquire("ben")), ErrorCode::kConflict);
  EXPECT_TRUE(IsOk(WriteUnder(old)));
  clock().Advance(milliseconds(1));
  EXPECT_EQ(CodeOf(WriteUnder(old)), ErrorCode::kConflict);
  EXPECT_EQ(Acquire("ben").value().epoch, 2);
}

TEST_P(LeaseConformance, AnOldHoldersWriteFailsWhole) {
  const Lease old = Acquire("anna").value();
  clock().Advance(seconds(11));
  const Lease current = Acquire("ben").value();
  EXPECT_TRUE(IsOk(WriteUnder(current)));
  EXPECT_EQ(CodeOf(WriteUnder(old)), ErrorCode::kConflict);
  EXPECT_EQ(Read(Key("things").With("a")), "ben");
}

TEST_P(LeaseConformance, ComingBackToTheSameNameIsANewEpoch) {
  const Lease old = Acquire("anna").value();
  clock().Advance(seconds(11));
  EXPECT_EQ(Acquire("ben").value().epoch, 2);
  clock().Advance(seconds(11));
  EXPECT_EQ(Acquire("anna").value().epoch, 3);
  EXPECT_EQ(CodeOf(WriteUnder(old)), ErrorCode::kConflict);
}

TEST_P(LeaseConformance, RenewingMakesItLast) {
  const Lease lease = Acquire("anna").value();
  for (int i = 0; i < 5; ++i) {
    clock().Advance(seconds(9));
    EXPECT_TRUE(IsOk(store().Renew(Soon(), lease, seconds(10))));
  }
  EXPECT_TRUE(IsOk(WriteUnder(lease)));
  clock().Advance(seconds(10));
  EXPECT_EQ(CodeOf(store().Renew(Soon(), lease, seconds(10))), ErrorCode::kConflict);
}

TEST_P(LeaseConformance, ReleasingGivesItToTheNext) {
  const Lease lease = Acquire("anna").value();
  EXPECT_TRUE(IsOk(store().Release(Soon(), lease)));
  EXPECT_EQ(CodeOf(WriteUnder(lease)), ErrorCode::kConflict);
  EXPECT_EQ(CodeOf(store().Release(Soon(), lease)), ErrorCode::kConflict);
  EXPECT_EQ(Acquire("ben").value().epoch, 2);
}

TEST_P(LeaseConformance, EpochsRiseOverReopening) {
  const Lease lease = Acquire("anna").value();
  EXPECT_TRUE(IsOk(store().Release(Soon(), lease)));
  Reopen();
  EXPECT_EQ(Acquire("ben").value().epoch, 2);
}

TEST_P(LeaseConformance, AJumpOfTheClockEndsALeaseButNeverGivesTwoTheSameEpoch) {
  const Lease old = Acquire("anna").value();
  clock().Jump(std::chrono::hours(24));
  const Lease next = Acquire("ben").value();
  clock().Jump(-std::chrono::hours(48));
  EXPECT_EQ(CodeOf(WriteUnder(old)), ErrorCode::kConflict);
  EXPECT_TRUE(IsOk(WriteUnder(next)));
}

TEST_P(LeaseConformance, IsNoCommitAndNotWatched) {
  const auto watcher = store().Watch(Key("control"), 0).value();
  EXPECT_TRUE(IsOk(Acquire("anna")));
  EXPECT_EQ(store().revision(), 0);
  EXPECT_TRUE(watcher->Poll().value().empty());
}

TEST_P(LeaseConformance, RefusesWhatIsNoLease) {
  EXPECT_EQ(CodeOf(store().Acquire(Soon(), "", "anna", seconds(1))), ErrorCode::kInvalid);
  EXPECT_EQ(CodeOf(store().Acquire(Soon(), "gc", "", seconds(1))), ErrorCode::kInvalid);
  EXPECT_EQ(CodeOf(store().Acquire(Soon(), "gc", "anna", seconds(0))), ErrorCode::kInvalid);
  EXPECT_EQ(CodeOf(store().Release(Soon(), {"gc", "anna", 1})), ErrorCode::kConflict);
}

TEST_P(LeaseConformance, OfManyThatWantItOneGetsIt) {
  std::atomic<int> winners = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      if (Acquire("holder-" + std::to_string(i))) ++winners;
    });
  }
  threads.clear();
  EXPECT_EQ(winners, 1);
}

}  // namespace
}  // namespace weir::control
