#include "base/testing/fake_files.h"

#include <gtest/gtest.h>

#include <set>

#include "base/testing/fake_clock.h"
#include "base/testing/matchers.h"

namespace weir {
namespace {

std::string Read(const Files& files, const Files::Path& path) {
  return files.ReadAll(path).value();
}

void WriteUnsynced(Files& files, const Files::Path& path, std::string_view content) {
  const auto file = files.Create(path, IfExists::kReplace).value();
  file->Append(AsBytes(content)).value();
}

TEST(FakeFiles, PowerCutLosesContentThatWasNotSynced) {
  FakeFiles files;
  files.WriteDurably("/a", AsBytes("old")).value();
  WriteUnsynced(files, "/a", "newer");
  files.CutPower();
  EXPECT_EQ(Read(files, "/a"), "old");
}

TEST(FakeFiles, PowerCutLosesANameWhoseDirectoryWasNotSynced) {
  FakeFiles files;
  const auto file = files.Create("/a", IfExists::kFail).value();
  file->Append(AsBytes("content")).value();
  file->Sync().value();
  files.CutPower();
  EXPECT_FALSE(files.Exists("/a").value());
}

TEST(FakeFiles, PowerCutShowsASyncedNameWithoutItsUnsyncedContent) {
  FakeFiles files;
  WriteUnsynced(files, "/a", "content");
  files.SyncDirectory("/").value();
  files.CutPower();
  EXPECT_EQ(Read(files, "/a"), "");
}

TEST(FakeFiles, PowerCutUndoesARenameAndARemovalThatWereNotSynced) {
  FakeFiles files;
  files.WriteDurably("/a", AsBytes("A")).value();
  files.WriteDurably("/b", AsBytes("B")).value();
  files.Rename("/a", "/c").value();
  files.Remove("/b").value();
  files.CutPower();
  EXPECT_EQ(files.Paths(), (std::vector<Files::Path>{"/a", "/b"}));
}

TEST(FakeFiles, ARenameIsKeptWholeWhicheverEndIsSynced) {
  for (const char* synced : {"/x", "/y"}) {
    FakeFiles files;
    files.WriteDurably("/x/a", AsBytes("A")).value();
    files.CreateDirectories("/y").value();
    files.Rename("/x/a", "/y/a").value();
    files.Rename("/y/a", "/y/b").value();
    files.SyncDirectory(synced).value();
    files.CutPower();
    EXPECT_EQ(files.OnlyPath(), "/y/b") << synced;
  }
}

TEST(FakeFiles, SyncingOneDirectoryLeavesTheNamesOfOthersUnsynced) {
  FakeFiles files;
  files.CreateDirectories("/x").value();
  files.CreateDirectories("/y").value();
  WriteUnsynced(files, "/x/a", "");
  WriteUnsynced(files, "/y/a", "");
  files.SyncDirectory("/y").value();
  files.CutPower();
  EXPECT_EQ(files.OnlyPath(), "/y/a");
}

TEST(FakeFiles, AFileOpenedBeforeThePowerCutIsDead) {
  FakeFiles files;
  files.WriteDurably("/a", AsBytes("A")).value();
  const auto reader = files.Open("/a").value();
  const auto writer = files.Create("/b", IfExists::kFail).value();
  files.CutPower();
  std::byte byte{};
  EXPECT_EQ(CodeOf(reader->Read(0, {&byte, 1})), ErrorCode::kUnavailable);
  EXPECT_EQ(CodeOf(writer->Append(AsBytes("B"))), ErrorCode::kUnavailable);
}

// Goal: WriteDurably is what it says. Method: fail every call in turn, then cut the power with
// nothing and with some of the rest surviving; the old or the new content is there, and the new one
// when it was answered so.
TEST(FakeFiles, DurableWriteIsAllOrNothingAtEveryFailure) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    bool done = false;
    for (int failing = 0; !done; ++failing) {
      SCOPED_TRACE(testing::Message() << "seed " << seed << ", failing call " << failing);
      FakeFiles files;
      files.WriteDurably("/d/a", AsBytes("old")).value();
      files.FailCall(failing);
      done = files.WriteDurably("/d/a", AsBytes("new")).has_value();
      if (seed == 0) {
        files.CutPower();
      } else {
        files.CutPower(*SeededRng(seed));
      }
      const std::string content = Read(files, "/d/a");
      EXPECT_TRUE(content == "new" || (content == "old" && !done)) << content;
    }
  }
}

TEST(FakeFiles, PartialSurvivalReachesEveryState) {
  std::set<std::string> seen;
  const auto rng = SeededRng(1);
  for (int i = 0; i < 500; ++i) {
    FakeFiles files;
    WriteUnsynced(files, "/a", "xy");
    files.CutPower(*rng);
    seen.insert(files.Paths().empty() ? "absent" : Read(files, "/a"));
  }
  const std::set<std::string> expected = {
      "absent", "", "x", "xy", std::string(1, '\0'), std::string("x\0", 2), std::string(2, '\0')};
  EXPECT_EQ(seen, expected);
}

TEST(FakeFiles, PartialSurvivalNeverTouchesWhatWasSynced) {
  const auto rng = SeededRng(2);
  for (int i = 0; i < 200; ++i) {
    FakeFiles files;
    const auto file = files.Create("/a", IfExists::kFail).value();
    file->Append(AsBytes("sure")).value();
    file->Sync().value();
    files.SyncDirectory("/").value();
    file->Append(AsBytes(" perhaps")).value();
    files.CutPower(*rng);
    EXPECT_EQ(Read(files, "/a").substr(0, 4), "sure");
  }
}

TEST(FakeFiles, TheCallToldToFailFailsOnce) {
  FakeFiles files;
  files.FailCall(1, ErrorCode::kDenied);
  EXPECT_TRUE(IsOk(files.CreateDirectories("/x")));
  EXPECT_EQ(CodeOf(files.CreateDirectories("/y")), ErrorCode::kDenied);
  EXPECT_FALSE(files.Exists("/y").value());
  EXPECT_TRUE(IsOk(files.CreateDirectories("/y")));
}

TEST(FakeFiles, AFailedAppendHasWrittenHalfAndEndsTheFile) {
  FakeFiles files;
  const auto file = files.Create("/a", IfExists::kFail).value();
  files.FailCall(0);
  EXPECT_EQ(CodeOf(file->Append(AsBytes("1234"))), ErrorCode::kUnavailable);
  EXPECT_EQ(CodeOf(file->Sync()), ErrorCode::kUnavailable);
  EXPECT_EQ(Read(files, "/a"), "12");
}

TEST(FakeFiles, AFullDiskTakesWhatFitsAndHasRoomAgainAfterARemoval) {
  FakeFiles files;
  files.WriteDurably("/old", AsBytes("123")).value();
  files.FillDisk(2);
  EXPECT_EQ(CodeOf(files.WriteDurably("/a", AsBytes("12345"))), ErrorCode::kExhausted);
  EXPECT_EQ(files.OnlyPath(), "/old");
  EXPECT_EQ(files.FreeSpace("/").value(), 2U);
  files.Remove("/old").value();
  EXPECT_TRUE(IsOk(files.WriteDurably("/a", AsBytes("12345"))));
}

TEST(FakeFiles, AFlippedBitSurvivesThePowerCut) {
  FakeFiles files;
  files.WriteDurably("/a", AsBytes("aaa")).value();
  files.FlipBit(files.OnlyPath(), 8);
  files.CutPower();
  EXPECT_EQ(Read(files, "/a"), "a`a");
}

TEST(FakeFiles, ModificationTimeComesFromTheClock) {
  FakeClock clock;
  FakeFiles files(clock);
  clock.Advance(std::chrono::hours(1));
  files.WriteDurably("/a", AsBytes("x")).value();
  EXPECT_EQ(files.Stat("/a").value().modified, clock.Now());
}

}  // namespace
}  // namespace weir
