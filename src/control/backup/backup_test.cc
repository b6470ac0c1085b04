#include "control/backup/backup.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "base/testing/fake_files.h"
#include "base/testing/matchers.h"
#include "control/backup/home_in_test.h"
#include "objects/local_object_store.h"
#include "objects/testing/s3_server.h"

namespace weir::backup {
namespace {

using control::Key;
using control::Transaction;

const Context kContext = Context::Background();

// Where backups go: a disk in memory.
struct Target {
  FakeFiles files;
  objects::LocalObjectStore store{"/backups", files};

  Created Create(HomeInTest& home) {
    return backup::Create(kContext, home.store(), home.clock(), store, {.home = home.path()})
        .value();
  }
};

// A bit of everything that a control store can hold.
void FillWithEverything(HomeInTest& home) {
  home.PutMany(300);
  home.Put("deleted", "x");
  home.Transact([](Transaction& transaction) -> Status {
    RETURN_IF_ERROR(transaction.Delete(Key("things").With("deleted")));
    RETURN_IF_ERROR(transaction.Put(Key("numbers").With(-7).With("x"), std::string("\0\xff", 2)));
    RETURN_IF_ERROR(transaction.Emit("topic", "one"));
    return transaction.Emit("topic", "two");
  });
  const auto lease = home.store().Acquire(kContext, "leader", "me", std::chrono::hours(1));
  ASSERT_TRUE(IsOk(lease));
  ASSERT_TRUE(IsOk(home.store().AcknowledgeOutbox(kContext, "topic", "reader", 1)));
  home.Put("0001", std::string(700'000, 'l'));
}

TEST(Backup, RestoresEverythingAsItWas) {
  HomeInTest home;
  FillWithEverything(home);
  ASSERT_TRUE(IsOk(PosixFiles().WriteDurably(home.path() / "weir.yaml", AsBytes("a: 1\n"), 0600)));
  Target target;
  const Created created = target.Create(home);
  const TempDir dir;
  const auto restored = Restore(kContext, target.store, {.home = dir / "home"});
  ASSERT_TRUE(IsOk(restored));
  EXPECT_EQ(restored->id, created.id);
  EXPECT_EQ(restored->revision, created.revision);
  EXPECT_EQ(restored->entries, created.entries);
  EXPECT_EQ(DumpEverything(dir / "home/control.db"), home.Everything());
  EXPECT_EQ(PosixFiles().ReadAll(dir / "home/weir.yaml").value(), "a: 1\n");
  EXPECT_EQ(PosixFiles().Stat(dir / "home/weir.yaml")->mode, 0600U);
  EXPECT_EQ(PosixFiles().ReadAll(dir / "home/format").value(), "1\n");
}

TEST(Backup, ARestoredStoreGoesOnWhereTheOldOneStood) {
  HomeInTest home;
  FillWithEverything(home);
  Target target;
  const Created created = target.Create(home);
  const TempDir dir;
  ASSERT_TRUE(IsOk(Restore(kContext, target.store, {.home = dir / "home"})));
  const auto store = control::OpenSqliteStore(dir / "home/control.db", {}, home.clock()).value();
  const auto next = store->Transact(kContext, [](Transaction& transaction) {
    return transaction.Put(Key("things").With("new"), "x");
  });
  EXPECT_EQ(next.value(), created.revision + 1);
  const auto events = store->ReadOutbox(kContext, "topic", "reader", 10).value();
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].payload, "two");
}

TEST(Backup, OfASharedStoreIsRestoredIntoAHomeOfItsOwn) {
  HomeInTest home({}, control::Database::kPostgres);
  FillWithEverything(home);
  Target target;
  target.Create(home);
  EXPECT_TRUE(IsOk(Verify(kContext, target.store)));  // also that keys are in order
  const TempDir dir;
  ASSERT_TRUE(IsOk(Restore(kContext, target.store, {.home = dir / "home"})));
  EXPECT_EQ(DumpEverything(dir / "home/control.db"), home.Everything());
}

TEST(Backup, AnEmptyHomeIsBackedUpToo) {
  HomeInTest home;
  Target target;
  target.Create(home);
  const TempDir dir;
  ASSERT_TRUE(IsOk(Restore(kContext, target.store, {.home = dir / "home"})));
  EXPECT_EQ(DumpEverything(dir / "home/control.db"), home.Everything());
}

TEST(Backup, StoresOnlyWhatChanged) {
  HomeInTest home;
  home.PutMany(5000);
  Target target;
  const Created first = target.Create(home);
  EXPECT_EQ(first.new_chunks, first.chunks);
  EXPECT_GT(first.chunks, 10U);
  const Created unchanged = target.Create(home);
  EXPECT_EQ(unchanged.new_chunks, 0U);
  home.Put("2500", "changed");
  home.Transact([](Transaction& transaction) { return transaction.Delete(HomeInTest::KeyOf(99)); });
  home.Put("0099a", "new");
  const Created changed = target.Create(home);
  EXPECT_GT(changed.new_chunks, 0U);
  EXPECT_LE(changed.new_chunks, 5U);  // two or three of entries, one or two of the log
  EXPECT_TRUE(IsOk(Verify(kContext, target.store)));
}

TEST(Backup, IsOfOneMomentWhileOthersWrite) {
  HomeInTest home;
  home.PutMany(2000, 2000);  // long enough to be overtaken
  const auto set_both = [&](int value) {
    home.Transact([&](Transaction& transaction) -> Status {
      RETURN_IF_ERROR(transaction.Put(Key("a-first"), std::to_string(value)));
      return transaction.Put(Key("z-last"), std::to_string(value));
    });
  };
  set_both(0);
  std::atomic<bool> done = false;
  std::thread writer([&] {
    for (int value = 1; !done; ++value) set_both(value);
  });
  Target target;
  for (int round = 0; round < 3; ++round) target.Create(home);
  done = true;
  writer.join();
  const TempDir dir;
  ASSERT_TRUE(IsOk(Restore(kContext, target.store, {.home = dir / "home"})));
  const auto store = control::OpenSqliteStore(dir / "home/control.db").value();
  const auto snapshot = store->Read(kContext).value();
  EXPECT_EQ(snapshot->Get(Key("a-first")).value()->value,
            snapshot->Get(Key("z-last")).value()->value);
}

TEST(Backup, HoldsNoKeys) {
  HomeInTest home;
  home.Put("a", "b");
  ASSERT_TRUE(IsOk(PosixFiles().WriteDurably(home.path() / "keys/sealing", AsBytes("k"), 0600)));
  Target target;
  target.Create(home);
  const TempDir dir;
  ASSERT_TRUE(IsOk(Restore(kContext, target.store, {.home = dir / "home"})));
  EXPECT_FALSE(PosixFiles().Exists(dir / "home/keys").value());
}

TEST(Backup, TellsHowFarItIs) {
  HomeInTest home;
  home.PutMany(3000);
  Target target;
  Progress last;
  const auto on_progress = [&](const Progress& progress) {
    EXPECT_GT(progress.chunks, last.chunks);
    last = progress;
  };
  const auto created = Create(kContext, home.store(), home.clock(), target.store,
                              {.home = home.path(), .on_progress = on_progress});
  EXPECT_EQ(last.chunks, created->chunks);
  EXPECT_EQ(last.bytes, created->stored_bytes);
  EXPECT_EQ(last.records, 3001U);
  last = {};
  const auto verified = Verify(kContext, target.store, {.on_progress = on_progress});
  EXPECT_EQ(last.chunks, verified->chunks);
  last = {};
  const TempDir dir;
  ASSERT_TRUE(
      IsOk(Restore(kContext, target.store, {.home = dir / "home", .on_progress = on_progress})));
  EXPECT_EQ(last.chunks, created->chunks);
}

TEST(Backup, StopsWhenTheCallerGaveUp) {
  HomeInTest home;
  home.PutMany(3000);
  Target target;
  std::stop_source stop;
  const Context context = kContext.WithCancel(stop.get_token());
  const auto stop_early = [&](const Progress& /*progress*/) { stop.request_stop(); };
  EXPECT_EQ(CodeOf(Create(context, home.store(), home.clock(), target.store,
                          {.home = home.path(), .on_progress = stop_early})),
            ErrorCode::kCancelled);
  EXPECT_EQ(CodeOf(Verify(kContext, target.store)), ErrorCode::kNotFound);
}

TEST(Backup, WorksOnS3) {
  objects::S3Server server;
  server.CreateBucket("backups");
  const auto bucket =
      objects::OpenObjectStore(server.Url("backups/home"), objects::S3Server::Options()).value();
  HomeInTest home;
  FillWithEverything(home);
  const auto first = Create(kContext, home.store(), home.clock(), *bucket, {.home = home.path()});
  ASSERT_TRUE(IsOk(first));
  home.Put("0001", "changed");
  const auto second = Create(kContext, home.store(), home.clock(), *bucket, {.home = home.path()});
  ASSERT_TRUE(IsOk(second));
  EXPECT_LT(second->new_chunks, second->chunks);
  const auto verified = Verify(kContext, *bucket);
  ASSERT_TRUE(IsOk(verified));
  EXPECT_EQ(verified->backups, 2U);
  EXPECT_EQ(verified->newest_id, second->id);
  EXPECT_EQ(verified->newest_revision, second->revision);
  EXPECT_EQ(verified->oldest, first->time);
  const TempDir dir;
  ASSERT_TRUE(IsOk(Restore(kContext, *bucket, {.home = dir / "home"})));
  EXPECT_EQ(DumpEverything(dir / "home/control.db"), home.Everything());
}

TEST(Backup, GoesToNoPlaceThatHoldsSomethingElse) {
  HomeInTest home;
  Target target;
  ASSERT_TRUE(IsOk(target.files.WriteDurably("/backups/photos/cat.jpg", AsBytes("miau"))));
  const auto created =
      Create(kContext, home.store(), home.clock(), target.store, {.home = home.path()});
  EXPECT_EQ(CodeOf(created), ErrorCode::kInvalid);
  EXPECT_EQ(target.files.Paths().size(), 1U);
  EXPECT_EQ(CodeOf(Verify(kContext, target.store)), ErrorCode::kNotFound);
}

TEST(Backup, OfANewerFormatIsLeftAlone) {
  HomeInTest home;
  Target target;
  ASSERT_TRUE(IsOk(target.files.WriteDurably("/backups/format", AsBytes("weir-backup 2\n"))));
  EXPECT_EQ(CodeOf(Create(kContext, home.store(), home.clock(), target.store, {})),
            ErrorCode::kUnimplemented);
  EXPECT_EQ(CodeOf(Verify(kContext, target.store)), ErrorCode::kUnimplemented);
  const TempDir dir;
  EXPECT_EQ(CodeOf(Restore(kContext, target.store, {.home = dir / "home"})),
            ErrorCode::kUnimplemented);
}

}  // namespace
}  // namespace weir::backup
