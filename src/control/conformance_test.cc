// Transactions and snapshots, as store.h promises them. Watches, the outbox and leases have files
// of their own.
#include <gtest/gtest.h>

#include <limits>
#include <thread>

#include "control/limits.h"
#include "control/testing/conformance.h"

namespace weir::control {
namespace {

const Key kA = Key("things").With("a");
const Key kB = Key("things").With("b");
const Key kC = Key("things").With("c");

WEIR_INSTANTIATE_FOR_EVERY_DATABASE(StoreConformance);

TEST_P(StoreConformance, StartsEmptyAtRevisionZero) {
  EXPECT_EQ(store().revision(), 0);
  const auto snapshot = store().Read(Soon()).value();
  EXPECT_EQ(snapshot->revision(), 0);
  EXPECT_EQ(snapshot->Get(kA).value(), std::nullopt);
}

TEST_P(StoreConformance, CountsCommitsThatChangedSomething) {
  EXPECT_EQ(Put(kA, "1").value(), 1);
  EXPECT_EQ(Put(kA, "1").value(), 2);  // the same value is a write too
  EXPECT_EQ(Delete(kB).value(), 2);    // nothing to delete
  EXPECT_EQ(Emit("topic", "event").value(), 3);
  const auto wrote_nothing = store().Transact(Soon(), [](Transaction& transaction) {
    EXPECT_TRUE(IsOk(transaction.Put(kB, "passing")));
    return transaction.Delete(kB);
  });
  EXPECT_EQ(wrote_nothing.value(), 3);
  EXPECT_EQ(store().revision(), 3);
}

TEST_P(StoreConformance, AnEntryCarriesTheRevisionThatLastWroteIt) {
  EXPECT_TRUE(IsOk(Put(kA, "1")));
  EXPECT_TRUE(IsOk(Put(kB, "1")));
  EXPECT_TRUE(IsOk(Put(kA, "2")));
  const auto snapshot = store().Read(Soon()).value();
  EXPECT_EQ(snapshot->Get(kA).value()->revision, 3);
  EXPECT_EQ(snapshot->Get(kB).value()->revision, 2);
  EXPECT_EQ(snapshot->revision(), 3);
}

TEST_P(StoreConformance, KeepsEveryByteOfValuesAndKeys) {
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte) bytes += static_cast<char>(byte);
  const Key odd = Key("things").With(bytes).With(std::numeric_limits<std::int64_t>::min());
  EXPECT_TRUE(IsOk(Put(odd, bytes)));
  EXPECT_TRUE(IsOk(Put(kA, "")));
  EXPECT_EQ(Read(odd), bytes);
  EXPECT_EQ(Read(kA), "");
}

TEST_P(StoreConformance, ATransactionSeesItsOwnWrites) {
  EXPECT_TRUE(IsOk(Put(kB, "old")));
  const auto status = store().Transact(Soon(), [](Transaction& transaction) -> Status {
    EXPECT_TRUE(IsOk(transaction.Put(kA, "1")));
    EXPECT_TRUE(IsOk(transaction.Delete(kB)));
    EXPECT_EQ(transaction.revision(), 1);
    EXPECT_EQ(transaction.Get(kA).value()->value, "1");
    EXPECT_EQ(transaction.Get(kA).value()->revision, 2);  // what it will be
    EXPECT_EQ(transaction.Get(kB).value(), std::nullopt);
    EXPECT_EQ(Names(transaction.Scan(Key("things")).value()), "a");
    return transaction.Put(kA, "2", Expect::At(2));
  });
  EXPECT_EQ(status.value(), 2);
  EXPECT_EQ(Read(kA), "2");
}

TEST_P(StoreConformance, AnErrorOfTheBodyUndoesEverythingAndIsReturned) {
  EXPECT_TRUE(IsOk(Put(kB, "old")));
  const auto status = store().Transact(Soon(), [](Transaction& transaction) -> Status {
    EXPECT_TRUE(IsOk(transaction.Put(kA, "1")));
    EXPECT_TRUE(IsOk(transaction.Delete(kB)));
    EXPECT_TRUE(IsOk(transaction.Emit("topic", "event")));
    return Denied("not today");
  });
  EXPECT_EQ(status.error(), Denied("not today"));
  EXPECT_EQ(Read(kA), "(none)");
  EXPECT_EQ(Read(kB), "old");
  EXPECT_EQ(store().revision(), 1);
  EXPECT_TRUE(store().ReadOutbox(Soon(), "topic", "reader", 10).value().empty());
}

TEST_P(StoreConformance, AFailedPutLeavesTheTransactionAlive) {
  const auto status = store().Transact(Soon(), [](Transaction& transaction) -> Status {
    EXPECT_EQ(CodeOf(transaction.Put(kA, "1", Expect::Present())), ErrorCode::kConflict);
    return transaction.Put(kB, "1");
  });
  EXPECT_TRUE(IsOk(status));
  EXPECT_EQ(Read(kA), "(none)");
  EXPECT_EQ(Read(kB), "1");
}

TEST_P(StoreConformance, ChecksWhatIsExpectedOfAKeyBeforeAPut) {
  EXPECT_EQ(CodeOf(Put(kA, "x", Expect::Present())), ErrorCode::kConflict);
  EXPECT_EQ(CodeOf(Put(kA, "x", Expect::At(1))), ErrorCode::kConflict);
  EXPECT_TRUE(IsOk(Put(kA, "1", Expect::Absent())));
  EXPECT_EQ(CodeOf(Put(kA, "x", Expect::Absent())), ErrorCode::kAlreadyExists);
  EXPECT_EQ(CodeOf(Put(kA, "x", Expect::At(2))), ErrorCode::kConflict);
  EXPECT_TRUE(IsOk(Put(kA, "2", Expect::At(1))));
  EXPECT_TRUE(IsOk(Put(kA, "3", Expect::Present())));
  EXPECT_EQ(Read(kA), "3");
}

TEST_P(StoreConformance, ChecksWhatIsExpectedOfAKeyBeforeADelete) {
  EXPECT_EQ(CodeOf(Delete(kA, Expect::Present())), ErrorCode::kConflict);
  EXPECT_TRUE(IsOk(Put(kA, "1")));
  EXPECT_EQ(CodeOf(Delete(kA, Expect::At(7))), ErrorCode::kConflict);
  EXPECT_TRUE(IsOk(Delete(kA, Expect::At(1))));
  EXPECT_EQ(Read(kA), "(none)");
}

TEST_P(StoreConformance, ScansKeysThatContinueAPrefixInOrder) {
  for (const char* name : {"b", "a", "c", "ab"}) {
    EXPECT_TRUE(IsOk(Put(Key("things").With("x").With(name), "")));
  }
  EXPECT_TRUE(IsOk(Put(Key("things").With("xy").With("no"), "")));
  EXPECT_TRUE(IsOk(Put(Key("things2").With("x").With("no"), "")));
  const Key prefix = Key("things").With("x");
  const auto snapshot = store().Read(Soon()).value();
  EXPECT_EQ(Names(snapshot->Scan(prefix).value()), "a ab b c");
  EXPECT_EQ(Names(snapshot->Scan(prefix, {.reverse = true}).value()), "c b ab a");
  EXPECT_EQ(Names(snapshot->Scan(prefix.With("a")).value()), "a");
  EXPECT_EQ(snapshot->Scan(Key("nothing")).value().size(), 0U);
}

TEST_P(StoreConformance, PagesAScanByCursorAndLimit) {
  for (const char* name : {"a", "b", "c", "d"}) {
    EXPECT_TRUE(IsOk(Put(Key("things").With(name), "")));
  }
  const Key prefix("things");
  const auto snapshot = store().Read(Soon()).value();
  EXPECT_EQ(Names(snapshot->Scan(prefix, {.limit = 2}).value()), "a b");
  EXPECT_EQ(Names(snapshot->Scan(prefix, {.after = kB, .limit = 2}).value()), "c d");
  EXPECT_EQ(Names(snapshot->Scan(prefix, {.after = kB, .reverse = true}).value()), "a");
  EXPECT_EQ(snapshot->Scan(prefix, {.after = Key("u")}).value().size(), 0U);
  EXPECT_EQ(Names(snapshot->Scan(prefix, {.after = Key("a"), .limit = 1}).value()), "a");
  EXPECT_EQ(Names(snapshot->Scan(prefix, {.after = Key("u"), .reverse = true}).value()), "d c b a");
  EXPECT_EQ(snapshot->Scan(prefix, {.limit = 0}).value().size(), 0U);
}

TEST_P(StoreConformance, ASnapshotStaysAsItWas) {
  EXPECT_TRUE(IsOk(Put(kA, "1")));
  const auto before = store().Read(Soon()).value();
  EXPECT_TRUE(IsOk(Put(kA, "2")));
  EXPECT_TRUE(IsOk(Put(kB, "2")));
  EXPECT_EQ(before->revision(), 1);
  EXPECT_EQ(before->Get(kA).value()->value, "1");
  EXPECT_EQ(Names(before->Scan(Key("things")).value()), "a");
  EXPECT_EQ(Read(kA), "2");
}

TEST_P(StoreConformance, ASnapshotEndsWithItsContext) {
  std::stop_source stop;
  const auto snapshot = store().Read(Soon().WithCancel(stop.get_token())).value();
  stop.request_stop();
  EXPECT_EQ(CodeOf(snapshot->Get(kA)), ErrorCode::kCancelled);
}

TEST_P(StoreConformance, ACallWhoseDeadlinePassedNeverRuns) {
  const Context late = Context::Background().WithDeadline(std::chrono::steady_clock::now());
  const auto status = store().Transact(late, [](Transaction&) -> Status {
    ADD_FAILURE() << "it ran";
    return Ok();
  });
  EXPECT_EQ(CodeOf(status), ErrorCode::kDeadline);
  EXPECT_EQ(CodeOf(store().Read(late)), ErrorCode::kDeadline);
}

TEST_P(StoreConformance, RefusesWhatIsBeyondItsLimitsAndStaysUsable) {
  EXPECT_EQ(CodeOf(Put(Key("things").With(std::string(kMaxKeyBytes, 'k')), "")),
            ErrorCode::kExhausted);
  EXPECT_EQ(CodeOf(Put(kA, std::string(kMaxValueBytes + 1, 'v'))), ErrorCode::kExhausted);
  EXPECT_EQ(CodeOf(Emit("topic", std::string(kMaxValueBytes + 1, 'v'))), ErrorCode::kExhausted);
  const auto too_much = store().Transact(Soon(), [](Transaction& transaction) -> Status {
    for (int i = 0; i < 33; ++i) {
      RETURN_IF_ERROR(transaction.Put(kA.With(i), std::string(kMaxValueBytes, 'v')));
    }
    return Ok();
  });
  EXPECT_EQ(CodeOf(too_much), ErrorCode::kExhausted);
  EXPECT_EQ(store().Read(Soon()).value()->Scan(kA).value().size(), 0U);
  EXPECT_TRUE(IsOk(Put(kA, std::string(kMaxValueBytes, 'v'))));
  EXPECT_EQ(Read(kA).size(), kMaxValueBytes);
}

TEST_P(StoreConformance, RefusesSpacesThatAreNotForItsUsers) {
  EXPECT_EQ(CodeOf(Put(Key("control").With("lease"), "")), ErrorCode::kInvalid);
  EXPECT_EQ(CodeOf(Delete(Key("control").With("lease"))), ErrorCode::kInvalid);
  for (const char* name : {"", "Things", "a b", "a/b"}) {
    EXPECT_EQ(CodeOf(Put(Key(name).With("a"), "")), ErrorCode::kInvalid) << name;
  }
}

TEST_P(StoreConformance, KeepsEverythingOverReopening) {
  EXPECT_TRUE(IsOk(Put(kA, "1")));
  EXPECT_TRUE(IsOk(Put(kB, "1")));
  EXPECT_TRUE(IsOk(Delete(kA)));
  Reopen();
  EXPECT_EQ(store().revision(), 3);
  EXPECT_EQ(Read(kA), "(none)");
  EXPECT_EQ(Read(kB), "1");
  EXPECT_EQ(Put(kC, "1").value(), 4);
}

TEST_P(StoreConformance, ReadSeesEveryCommitAcknowledgedBefore) {
  for (int i = 0; i < 50; ++i) {
    EXPECT_TRUE(IsOk(Put(kA, std::to_string(i))));
    EXPECT_EQ(Read(kA), std::to_string(i));
  }
}

// Goal: transactions are as if one ran after the other. Method: many threads increment few counters
// by reading and writing them; a lost update would lose an increment.
TEST_P(StoreConformance, LosesNoUpdateBetweenThreads) {
  constexpr int kThreads = 8;
  constexpr int kRounds = 25;
  const auto increment = [](Transaction& transaction) -> Status {
    for (const Key& key : {kA, kB}) {
      ASSIGN_OR_RETURN(const auto entry, transaction.Get(key));
      RETURN_IF_ERROR(
          transaction.Put(key, std::to_string(entry ? std::stoi(entry->value) + 1 : 1)));
    }
    return Ok();
  };
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&] {
        for (int round = 0; round < kRounds; ++round) {
          EXPECT_TRUE(IsOk(store().Transact(Soon(), increment)));
        }
      });
    }
  }
  EXPECT_EQ(Read(kA), std::to_string(kThreads * kRounds));
  EXPECT_EQ(Read(kB), Read(kA));
  EXPECT_EQ(store().revision(), kThreads * kRounds);
}

TEST_P(StoreConformance, OneThatFailsDoesNotDisturbItsNeighbours) {
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      for (int round = 0; round < 10; ++round) {
        const Key key = kA.With(i).With(round);
        const auto status = store().Transact(Soon(), [&](Transaction& transaction) -> Status {
          RETURN_IF_ERROR(transaction.Put(key, "1"));
          return i % 2 == 0 ? Ok() : Status(Denied("odd"));
        });
        EXPECT_EQ(status.has_value(), i % 2 == 0);
      }
    });
  }
  threads.clear();
  EXPECT_EQ(store().Read(Soon()).value()->Scan(kA).value().size(), 40U);
  EXPECT_EQ(store().revision(), 40);
}

TEST_P(StoreConformance, ABodyThatThrowsIsUndone) {
  const auto status = store().Transact(Soon(), [](Transaction& transaction) -> Status {
    EXPECT_TRUE(IsOk(transaction.Put(kA, "1")));
    throw std::runtime_error("a bug");
  });
  EXPECT_EQ(CodeOf(status), ErrorCode::kInternal);
  EXPECT_EQ(Read(kA), "(none)");
  EXPECT_TRUE(IsOk(Put(kA, "2")));
}

}  // namespace
}  // namespace weir::control
