#include <gtest/gtest.h>
#include <unistd.h>
#include <csignal>

#include <cstdio>
#include <map>

#include "base/testing/matchers.h"
#include "base/testing/temp_dir.h"
#include "control/sqlite_store.h"
#include "control/testing/child_process.h"
#include "tests/sim/seeds.h"

namespace weir::control {
namespace {

constexpr int kClients = 6;
constexpr int kKeys = 5;

struct Acknowledged {
  std::map<std::int64_t, std::int64_t> number;  // by client
  Revision revision = 0;
};

// Lets clients commit to `database` until so many commits were acknowledged, then kills them.
void CommitUntilKilled(const std::string& database, std::uint64_t commits, Acknowledged& known) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const auto child = StartChild({WEIR_CRASH_CHILD, database, std::to_string(kClients)},
                                {.output_descriptor = ends[1]});
  ::close(ends[1]);
  ASSERT_TRUE(IsOk(child));
  std::FILE* lines = ::fdopen(ends[0], "r");
  long long client = 0;
  long long number = 0;
  long long revision = 0;
  for (std::uint64_t line = 0;
       std::fscanf(lines, "%lld %lld %lld\n", &client, &number, &revision) == 3; ++line) {
    known.number[client] = std::max<std::int64_t>(known.number[client], number);
    known.revision = std::max<Revision>(known.revision, revision);
    if (line == commits) ::kill(*child, SIGKILL);  // and read on: what it had still said counts
  }
  std::fclose(lines);
  EXPECT_EQ(WaitForChild(*child), 128 + SIGKILL);
}

// Each client's keys hold one number, and no less than was acknowledged.
void CheckEntries(Store& store, const Acknowledged& known) {
  const auto snapshot = store.Read(Context::Background()).value();
  EXPECT_GE(snapshot->revision(), known.revision);
  std::int64_t sum = 0;
  for (std::int64_t client = 0; client < kClients; ++client) {
    const auto entries = snapshot->Scan(Key("clients").With(client)).value();
    if (entries.empty()) continue;
    EXPECT_EQ(entries.size(), kKeys);
    for (const Entry& entry : entries) {
      EXPECT_EQ(entry.value, entries.front().value) << "half a transaction";
      EXPECT_EQ(entry.revision, entries.front().revision);
    }
    const std::int64_t number = std::stoll(entries.front().value);
    const auto last = known.number.find(client);
    EXPECT_GE(number, last == known.number.end() ? 0 : last->second) << "an acknowledged one lost";
    sum += number;
  }
  EXPECT_EQ(sum, snapshot->revision());
}

// A watch shows each number of each client once and in order; the outbox does too.
void CheckWatchAndOutbox(Store& store) {
  const auto watcher = store.Watch(Key("clients"), 0).value();
  std::map<std::int64_t, std::int64_t> seen;
  Revision revision = 0;
  while (true) {
    const std::vector<WatchEvent> events = watcher->Poll().value();
    if (events.empty()) break;
    for (const WatchEvent& event : events) {
      if (event.kind == WatchEvent::Kind::kBookmark) continue;
      const auto parts = event.key->Parts();
      if (std::get<std::int64_t>(parts[1]) != 0) continue;
      EXPECT_EQ(event.revision, ++revision);
      EXPECT_EQ(std::stoll(event.value), ++seen[std::get<std::int64_t>(parts[0])]);
    }
  }
  EXPECT_EQ(revision, store.revision());
  const auto events = store.ReadOutbox(Context::Background(), "numbers", "test", 1'000'000).value();
  EXPECT_EQ(static_cast<Revision>(events.size()), store.revision());
}

// Goal: kill -9 at any moment loses nothing acknowledged and leaves nothing half-visible. Method:
// clients in a process of their own commit to one home, which is killed after a random number of
// acknowledgements, again and again.
TEST(ControlCrash, KilledAtAnyMomentItKeepsWhatItAcknowledged) {
  const Seeds seeds = Seeds::FromEnvironment(4);
  const auto rng = SeededRng(seeds.first);
  SCOPED_TRACE(testing::Message() << "WEIR_SEED=" << seeds.first);
  const TempDir dir;
  const std::string database = dir / "control.db";
  Acknowledged known;
  for (int round = 0; round < std::max(seeds.count, 4); ++round) {
    CommitUntilKilled(database, rng->Below(300), known);
    const auto store = OpenSqliteStore(database);
    ASSERT_TRUE(IsOk(store));
    CheckEntries(**store, known);
    CheckWatchAndOutbox(**store);
    if (testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace weir::control
