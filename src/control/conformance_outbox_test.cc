// The outbox, as store.h promises it.
#include <gtest/gtest.h>

#include "control/testing/conformance.h"

namespace weir::control {
namespace {

using OutboxConformance = StoreConformance;
WEIR_INSTANTIATE_FOR_EVERY_DATABASE(OutboxConformance);

std::string Payloads(const std::vector<OutboxEvent>& events) {
  std::string payloads;
  for (const OutboxEvent& event : events) {
    payloads +=
        (payloads.empty() ? "" : " ") + event.payload + "@" + std::to_string(event.position);
  }
  return payloads;
}

TEST_P(OutboxConformance, GivesEachTopicItsEventsInOrder) {
  EXPECT_TRUE(IsOk(Emit("flows", "f1")));
  EXPECT_TRUE(IsOk(Emit("mail", "m1")));
  EXPECT_TRUE(IsOk(Emit("flows", "f2")));
  EXPECT_EQ(Payloads(store().ReadOutbox(Soon(), "flows", "worker", 10).value()), "f1@1 f2@3");
  EXPECT_EQ(Payloads(store().ReadOutbox(Soon(), "flows", "worker", 1).value()), "f1@1");
  EXPECT_EQ(Payloads(store().ReadOutbox(Soon(), "mail", "worker", 10).value()), "m1@2");
  EXPECT_EQ(store().ReadOutbox(Soon(), "flows", "worker", 10).value().at(1).revision, 3);
}

TEST_P(OutboxConformance, AnEventComesWithItsTransactionOrNotAtAll) {
  const auto failed = store().Transact(Soon(), [](Transaction& transaction) -> Status {
    EXPECT_TRUE(IsOk(transaction.Emit("flows", "lost")));
    return Invalid("no");
  });
  EXPECT_FALSE(failed);
  EXPECT_TRUE(IsOk(Emit("flows", "kept")));
  EXPECT_EQ(Payloads(store().ReadOutbox(Soon(), "flows", "worker", 10).value()), "kept@1");
}

TEST_P(OutboxConformance, EachConsumerGoesOnAfterWhatItAcknowledged) {
  for (const char* payload : {"a", "b", "c"}) EXPECT_TRUE(IsOk(Emit("flows", payload)));
  EXPECT_TRUE(IsOk(store().AcknowledgeOutbox(Soon(), "flows", "slow", 0)));
  EXPECT_TRUE(IsOk(store().AcknowledgeOutbox(Soon(), "flows", "fast", 2)));
  EXPECT_EQ(Payloads(store().ReadOutbox(Soon(), "flows", "fast", 10).value()), "c@3");
  EXPECT_EQ(Payloads(store().ReadOutbox(Soon(), "flows", "slow", 10).value()), "a@1 b@2 c@3");
  Reopen();
  EXPECT_EQ(Payloads(store().ReadOutbox(Soon(), "flows", "fast", 10).value()), "c@3");
}

TEST_P(OutboxConformance, EventsGoOnceEveryKnownConsumerIsDone) {
  for (const char* payload : {"a", "b", "c"}) EXPECT_TRUE(IsOk(Emit("flows", payload)));
  EXPECT_TRUE(IsOk(Emit("mail", "m")));
  EXPECT_TRUE(IsOk(store().AcknowledgeOutbox(Soon(), "flows", "one", 1)));
  EXPECT_TRUE(IsOk(store().AcknowledgeOutbox(Soon(), "flows", "two", 3)));
  EXPECT_EQ(Payloads(store().ReadOutbox(Soon(), "flows", "new", 10).value()), "b@2 c@3");
  EXPECT_TRUE(IsOk(store().AcknowledgeOutbox(Soon(), "flows", "one", 3)));
  EXPECT_EQ(Payloads(store().ReadOutbox(Soon(), "flows", "new", 10).value()), "");
  EXPECT_EQ(Payloads(store().ReadOutbox(Soon(), "mail", "new", 10).value()), "m@4");
  EXPECT_TRUE(IsOk(Emit("flows", "d")));  // positions never come back
  EXPECT_EQ(Payloads(store().ReadOutbox(Soon(), "flows", "one", 10).value()), "d@5");
}

TEST_P(OutboxConformance, GoingBackIsRefused) {
  for (const char* payload : {"a", "b"}) EXPECT_TRUE(IsOk(Emit("flows", payload)));
  EXPECT_TRUE(IsOk(store().AcknowledgeOutbox(Soon(), "flows", "worker", 2)));
  EXPECT_TRUE(IsOk(store().AcknowledgeOutbox(Soon(), "flows", "worker", 2)));
  EXPECT_EQ(CodeOf(store().AcknowledgeOutbox(Soon(), "flows", "worker", 1)), ErrorCode::kConflict);
  EXPECT_EQ(CodeOf(store().AcknowledgeOutbox(Soon(), "flows", "worker", 3)), ErrorCode::kConflict);
}

TEST_P(OutboxConformance, TellsAConsumerWhenEventsGrewTooOldForIt) {
  EXPECT_TRUE(IsOk(Emit("flows", "first")));
  EXPECT_TRUE(IsOk(Emit("flows", "old")));
  EXPECT_TRUE(IsOk(store().AcknowledgeOutbox(Soon(), "flows", "slow", 1)));
  clock().Advance(Retention{}.event_age + std::chrono::hours(1));
  EXPECT_TRUE(IsOk(Emit("flows", "fresh")));
  const auto late = store().ReadOutbox(Soon(), "flows", "slow", 10);
  ASSERT_EQ(CodeOf(late), ErrorCode::kExhausted);
  EXPECT_EQ(late.error().hint, "list again, then acknowledge 2");
  EXPECT_TRUE(IsOk(store().AcknowledgeOutbox(Soon(), "flows", "slow", 2)));
  EXPECT_EQ(Payloads(store().ReadOutbox(Soon(), "flows", "slow", 10).value()), "fresh@3");
  EXPECT_EQ(Payloads(store().ReadOutbox(Soon(), "flows", "new", 10).value()), "fresh@3");
}

TEST_P(OutboxConformance, AcknowledgingIsNoCommit) {
  EXPECT_TRUE(IsOk(Emit("flows", "a")));
  EXPECT_TRUE(IsOk(store().AcknowledgeOutbox(Soon(), "flows", "worker", 1)));
  EXPECT_EQ(store().revision(), 1);
}

TEST_P(OutboxConformance, RefusesNamesThatAreNone) {
  EXPECT_EQ(CodeOf(Emit("", "a")), ErrorCode::kInvalid);
  EXPECT_EQ(CodeOf(store().ReadOutbox(Soon(), "", "worker", 1)), ErrorCode::kInvalid);
  EXPECT_EQ(CodeOf(store().AcknowledgeOutbox(Soon(), "flows", "", 0)), ErrorCode::kInvalid);
}

}  // namespace
}  // namespace weir::control
