// Damage, crashes and full disks.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/fake_files.h"
#include "base/testing/matchers.h"
#include "control/backup/backup.h"
#include "control/backup/home_in_test.h"
#include "objects/local_object_store.h"

namespace weir::backup {
namespace {

using testing::HasSubstr;

const Context kContext = Context::Background();

Result<Created> CreateIn(HomeInTest& home, objects::ObjectStore& store) {
  return Create(kContext, home.store(), home.clock(), store, {.home = home.path()});
}

// Nothing, not even something hidden, is left of a restore that failed.
bool IsEmpty(const TempDir& dir) { return PosixFiles().List(dir.path()).value().empty(); }

// Goal: no damage goes unnoticed. Method: flip a bit in each object in turn, at its front, in its
// middle and at its end.
TEST(BackupFaults, AFlippedBitIsFoundNamedAndNeverRestored) {
  HomeInTest home;
  home.PutMany(3000);
  FakeFiles files;
  objects::LocalObjectStore store("/backups", files);
  ASSERT_TRUE(IsOk(CreateIn(home, store)));
  home.Put("0700", "changed");
  ASSERT_TRUE(IsOk(CreateIn(home, store)));
  const auto paths = files.Paths();
  ASSERT_GT(paths.size(), 10U);
  for (const auto& path : paths) {
    if (path == "/backups/format") continue;
    const std::uint64_t bits = files.Stat(path)->size * 8;
    for (const std::uint64_t bit : {std::uint64_t{0}, bits / 2, bits - 1}) {
      files.FlipBit(path, bit);
      const auto verified = Verify(kContext, store);
      ASSERT_EQ(CodeOf(verified), ErrorCode::kCorrupt) << path << " bit " << bit;
      EXPECT_THAT(verified.error().message, HasSubstr(path.filename().string()));
      files.FlipBit(path, bit);
    }
  }
  EXPECT_TRUE(IsOk(Verify(kContext, store)));
}

TEST(BackupFaults, DamageFoundWhileRestoringLeavesNoHome) {
  HomeInTest home;
  home.PutMany(3000);
  FakeFiles files;
  objects::LocalObjectStore store("/backups", files);
  ASSERT_TRUE(IsOk(CreateIn(home, store)));
  for (const auto& path : files.Paths()) {
    if (path == "/backups/format") continue;
    files.FlipBit(path, files.Stat(path)->size * 4);
    const TempDir dir;
    const auto restored = Restore(kContext, store, {.home = dir / "home"});
    EXPECT_EQ(CodeOf(restored), ErrorCode::kCorrupt) << path;
    EXPECT_TRUE(IsEmpty(dir));
    files.FlipBit(path, files.Stat(path)->size * 4);
  }
}

TEST(BackupFaults, AMissingAndAShortenedChunkAreNamedAndStoredAgain) {
  HomeInTest home;
  home.PutMany(3000);
  FakeFiles files;
  objects::LocalObjectStore store("/backups", files);
  ASSERT_TRUE(IsOk(CreateIn(home, store)));
  for (const auto& path : files.Paths()) {
    if (path.string().find("/chunks/") == std::string::npos) continue;
    const std::string content = files.ReadAll(path).value();
    for (const bool is_gone : {true, false}) {
      if (is_gone) {
        ASSERT_TRUE(IsOk(files.Remove(path)));
      } else {
        const auto half = content.substr(0, content.size() / 2);
        ASSERT_TRUE(IsOk(files.WriteDurably(path, AsBytes(half))));
      }
      const auto verified = Verify(kContext, store);
      ASSERT_EQ(CodeOf(verified), ErrorCode::kCorrupt);
      EXPECT_THAT(verified.error().message, HasSubstr(path.filename().string()));
      ASSERT_TRUE(IsOk(CreateIn(home, store)));
      EXPECT_TRUE(IsOk(Verify(kContext, store)));
    }
  }
}

// Goal: a backup that is cut off at any point harms no earlier one, and the next goes on. Method:
// fail each call on the target's files in turn, cut the power with some luck, look at what is
// there, and back up again.
TEST(BackupFaults, ABackupThatIsCutOffAnywhereIsNoneAndTheNextGoesOn) {
  HomeInTest home;
  home.PutMany(400);
  int survived = 0;
  for (int failing = 0;; failing += 1 + failing / 20) {
    SCOPED_TRACE(failing);
    FakeFiles files;
    objects::LocalObjectStore store("/backups", files);
    ASSERT_TRUE(IsOk(CreateIn(home, store)));
    home.Put("0200", fmt::format("changed {}", failing));
    files.FailCall(failing);
    const bool is_whole = CreateIn(home, store).has_value();
    const auto rng = SeededRng(static_cast<std::uint64_t>(failing));
    files.CutPower(*rng);
    const auto verified = Verify(kContext, store);
    ASSERT_TRUE(IsOk(verified));
    if (is_whole) {
      EXPECT_EQ(verified->backups, 2U);
    }
    ASSERT_TRUE(IsOk(CreateIn(home, store)));
    files.CutPower();
    ASSERT_TRUE(IsOk(Verify(kContext, store)));
    const TempDir dir;
    ASSERT_TRUE(IsOk(Restore(kContext, store, {.home = dir / "home"})));
    EXPECT_EQ(DumpEverything(dir / "home/control.db"), home.Everything());
    if (is_whole) break;
    ++survived;
  }
  EXPECT_GT(survived, 10);
}

TEST(BackupFaults, AFirstBackupThatIsCutOffLeavesAPlaceForTheNext) {
  HomeInTest home;
  home.PutMany(400);
  for (int failing = 0;; ++failing) {
    SCOPED_TRACE(failing);
    ASSERT_LT(failing, 1000);
    FakeFiles files;
    objects::LocalObjectStore store("/backups", files);
    files.FailCall(failing);
    const bool is_whole = CreateIn(home, store).has_value();
    files.CutPower();
    ASSERT_TRUE(IsOk(CreateIn(home, store)));
    files.CutPower();
    ASSERT_TRUE(IsOk(Verify(kContext, store)));
    if (is_whole) break;
  }
}

TEST(BackupFaults, AFullDiskIsExhaustedAndCanBeGoneOnWithWhenThereIsRoom) {
  HomeInTest home;
  home.PutMany(3000);
  FakeFiles files;
  objects::LocalObjectStore store("/backups", files);
  files.FillDisk(400'000);
  EXPECT_EQ(CodeOf(CreateIn(home, store)), ErrorCode::kExhausted);
  files.FillDisk(100 << 20);
  const auto again = CreateIn(home, store);
  ASSERT_TRUE(IsOk(again));
  EXPECT_LT(again->new_chunks, again->chunks);  // those that had gone through stand
  EXPECT_TRUE(IsOk(Verify(kContext, store)));
}

TEST(BackupFaults, ARestoreGoesToAnEmptyPlaceOnly) {
  HomeInTest home;
  home.PutMany(10);
  FakeFiles files;
  objects::LocalObjectStore store("/backups", files);
  ASSERT_TRUE(IsOk(CreateIn(home, store)));
  const TempDir dir;
  ASSERT_TRUE(IsOk(PosixFiles().WriteDurably(dir / "used/file", AsBytes("x"))));
  EXPECT_EQ(CodeOf(Restore(kContext, store, {.home = dir / "used"})), ErrorCode::kAlreadyExists);
  EXPECT_EQ(CodeOf(Restore(kContext, store, {.home = dir / "used/file"})),
            ErrorCode::kAlreadyExists);
  EXPECT_EQ(PosixFiles().List(dir / "used").value().size(), 1U);
  ASSERT_TRUE(IsOk(PosixFiles().CreateDirectories(dir / "empty")));
  EXPECT_TRUE(IsOk(Restore(kContext, store, {.home = dir / "empty/"})));
  EXPECT_EQ(DumpEverything(dir / "empty/control.db"), home.Everything());
}

TEST(BackupFaults, ARestoreCleansUpAfterOneThatCrashed) {
  HomeInTest home;
  home.PutMany(10);
  FakeFiles files;
  objects::LocalObjectStore store("/backups", files);
  ASSERT_TRUE(IsOk(CreateIn(home, store)));
  const TempDir dir;
  const auto leftover = dir / ".tmp-restore-home";
  ASSERT_TRUE(IsOk(PosixFiles().WriteDurably(leftover / "control.db", AsBytes("half a database"))));
  ASSERT_TRUE(IsOk(PosixFiles().WriteDurably(leftover / "control.db-wal", AsBytes("and more"))));
  ASSERT_TRUE(IsOk(Restore(kContext, store, {.home = dir / "home"})));
  EXPECT_EQ(DumpEverything(dir / "home/control.db"), home.Everything());
  EXPECT_EQ(PosixFiles().List(dir.path()).value(), std::vector<std::string>{"home"});
}

TEST(BackupFaults, TwoRestoresToOnePlaceDoNotMix) {
  HomeInTest home;
  home.PutMany(10);
  FakeFiles files;
  objects::LocalObjectStore store("/backups", files);
  ASSERT_TRUE(IsOk(CreateIn(home, store)));
  const TempDir dir;
  std::optional<ErrorCode> second;
  const auto start_second = [&](const Progress& /*progress*/) {
    second = CodeOf(Restore(kContext, store, {.home = dir / "home"}));
  };
  EXPECT_TRUE(IsOk(Restore(kContext, store, {.home = dir / "home", .on_progress = start_second})));
  EXPECT_EQ(second, ErrorCode::kConflict);
}

}  // namespace
}  // namespace weir::backup
