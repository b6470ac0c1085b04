// Going back to a point in time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "base/testing/fake_files.h"
#include "base/testing/matchers.h"
#include "control/backup/backup.h"
#include "control/backup/home_in_test.h"
#include "objects/local_object_store.h"

namespace weir::backup {
namespace {

const Context kContext = Context::Background();

Result<Created> CreateIn(HomeInTest& home, objects::ObjectStore& store) {
  return Create(kContext, home.store(), home.clock(), store, {.home = home.path()});
}

// Goal: any moment comes back as it was. Method: random writes with backups now and then; what the
// home held is remembered at each second, and compared with a restore to that second.
TEST(RestoreAt, GivesTheHomeAsItWasAtThatMoment) {
  const std::uint64_t seed = SystemRng().Next();
  SCOPED_TRACE(seed);
  const auto rng = SeededRng(seed);
  HomeInTest home;
  FakeFiles files;
  objects::LocalObjectStore store("/backups", files);
  std::map<Timestamp, Dump> history;
  for (int step = 0; step < 60; ++step) {
    home.Transact([&](control::Transaction& transaction) -> Status {
      for (std::uint64_t i = rng->Below(4); i > 0; --i) {
        const control::Key key = HomeInTest::KeyOf(static_cast<int>(rng->Below(20)));
        if (rng->Below(3) == 0) {
          RETURN_IF_ERROR(transaction.Delete(key));
        } else {
          RETURN_IF_ERROR(transaction.Put(key, std::to_string(rng->Next())));
        }
      }
      return Ok();
    });
    history[home.clock().Now()] = home.Entries();
    if (step == 15 || rng->Below(12) == 0 || step == 59) {
      ASSERT_TRUE(IsOk(CreateIn(home, store)));
    }
  }
  for (const auto& [time, entries] : history) {
    if (rng->Below(3) != 0) continue;
    SCOPED_TRACE(FormatTimestamp(time));
    const TempDir dir;
    const auto restored = Restore(kContext, store, {.home = dir / "home", .at = time});
    ASSERT_TRUE(IsOk(restored));
    EXPECT_EQ(restored->time, time);
    EXPECT_FALSE(restored->is_earlier);
    EXPECT_EQ(DumpEntries(dir / "home/control.db"), entries);
  }
}

TEST(RestoreAt, ARolledForwardHomeIsAsGoodAsABackupOfThatMoment) {
  HomeInTest home;
  FakeFiles files;
  objects::LocalObjectStore store("/backups", files);
  home.PutMany(20);
  ASSERT_TRUE(IsOk(CreateIn(home, store)));
  home.Transact([](control::Transaction& transaction) -> Status {
    RETURN_IF_ERROR(transaction.Put(HomeInTest::KeyOf(3), "changed"));
    return transaction.Emit("topic", "first");
  });
  const Dump then = home.Everything();
  const Timestamp time = home.clock().Now();
  home.Transact([](control::Transaction& transaction) -> Status {
    RETURN_IF_ERROR(transaction.Put(HomeInTest::KeyOf(4), "changed"));
    return transaction.Emit("topic", "second");
  });
  ASSERT_TRUE(IsOk(CreateIn(home, store)));
  const TempDir dir;
  ASSERT_TRUE(IsOk(Restore(kContext, store, {.home = dir / "home", .at = time})));
  EXPECT_EQ(DumpEverything(dir / "home/control.db"), then);
}

TEST(RestoreAt, WhereTheLogIsGoneTheBackupBeforeIsRestoredAndSaysSo) {
  HomeInTest home({.changes = 3});
  FakeFiles files;
  objects::LocalObjectStore store("/backups", files);
  home.Put("a", "1");
  const auto created = CreateIn(home, store);
  ASSERT_TRUE(IsOk(created));
  const Dump then = home.Entries();
  for (int i = 0; i < 20; ++i) home.Put("b", std::to_string(i));
  const Timestamp between = home.clock().Now();
  for (int i = 0; i < 20; ++i) home.Put("c", std::to_string(i));
  ASSERT_TRUE(IsOk(CreateIn(home, store)));
  const TempDir dir;
  const auto restored = Restore(kContext, store, {.home = dir / "home", .at = between});
  ASSERT_TRUE(IsOk(restored));
  EXPECT_TRUE(restored->is_earlier);
  EXPECT_EQ(restored->time, created->time);
  EXPECT_EQ(DumpEntries(dir / "home/control.db"), then);
}

TEST(RestoreAt, BeforeAllThatIsKeptIsNotFound) {
  HomeInTest home({.changes = 3});
  FakeFiles files;
  objects::LocalObjectStore store("/backups", files);
  for (int i = 0; i < 20; ++i) home.Put("b", std::to_string(i));
  ASSERT_TRUE(IsOk(CreateIn(home, store)));
  const TempDir dir;
  EXPECT_EQ(CodeOf(Restore(kContext, store, {.home = dir / "home", .at = FakeClock::kStart})),
            ErrorCode::kNotFound);
  EXPECT_TRUE(PosixFiles().List(dir.path()).value().empty());
}

TEST(RestoreAt, AfterTheNewestBackupIsTheNewestBackup) {
  HomeInTest home;
  FakeFiles files;
  objects::LocalObjectStore store("/backups", files);
  home.Put("a", "1");
  const auto created = CreateIn(home, store);
  const TempDir dir;
  const auto restored = Restore(
      kContext, store, {.home = dir / "home", .at = home.clock().Now() + std::chrono::hours(1)});
  ASSERT_TRUE(IsOk(restored));
  EXPECT_TRUE(restored->is_earlier);
  EXPECT_EQ(restored->time, created->time);
}

}  // namespace
}  // namespace weir::backup
