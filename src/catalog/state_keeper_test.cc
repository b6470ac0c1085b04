#include "catalog/state_keeper.h"

#include <gtest/gtest.h>

#include <thread>

#include "catalog/testing/table_home.h"

namespace weir::catalog {
namespace {

constexpr const char* kRows =
    "SELECT 0::INTEGER AS op, TIMESTAMPTZ '2026-01-01' AS event_time, range AS id FROM range(10)";

bool IsKept(TableHome& home, const odf::DatasetId& id) {
  const auto chain = home.chains().Read(home.home().context(), id).value().chain;
  const datasets::ReadPoint point{.head = *chain.head, .sequence_number = chain.sequence_number};
  return home.states().Read(home.home().context(), id, point, {"id"}).value().is_state;
}

bool BecomesKept(TableHome& home, const odf::DatasetId& id) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!IsKept(home, id) && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::yield();
  }
  return IsKept(home, id);
}

TEST(StateKeeper, KeepsTheStateOfWhatIsCommitted) {
  TableHome home;
  const auto log = Logger::Silent();
  const auto keeper = StateKeeper::Start(home.chains(), home.states(), {}, *log, {}).value();
  const auto keyed = home.Create("keyed", UpsertById());
  const auto plain = home.Create("plain", Appending());
  home.Add(plain, kRows, 1);
  home.Add(keyed, kRows, 1);
  EXPECT_TRUE(BecomesKept(home, keyed));
  EXPECT_FALSE(IsKept(home, plain));
}

TEST(StateKeeper, KeepsTheStateOfWhatWasCommittedBeforeItStarted) {
  TableHome home;
  const auto keyed = home.Create("keyed", UpsertById());
  home.Add(keyed, kRows, 1);
  const auto log = Logger::Silent();
  const auto keeper = StateKeeper::Start(home.chains(), home.states(), {}, *log, {}).value();
  EXPECT_TRUE(BecomesKept(home, keyed));
}

TEST(StateKeeper, EndsWhileItStillWaitsForItsFirstLook) {
  TableHome home;
  const auto keyed = home.Create("keyed", UpsertById());
  home.Add(keyed, kRows, 1);
  const auto log = Logger::Silent();
  StateKeeper::Start(home.chains(), home.states(), {}, *log, std::chrono::hours(1)).value().reset();
  EXPECT_FALSE(IsKept(home, keyed));
}

}  // namespace
}  // namespace weir::catalog
