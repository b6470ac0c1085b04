#include "base/files.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <memory>
#include <thread>
#include <vector>

#include "base/testing/fake_files.h"
#include "base/testing/matchers.h"
#include "base/testing/temp_dir.h"

namespace weir {
namespace {

using Path = Files::Path;

// Goal: the fake behaves as the machine does. Method: every test here runs on both.
struct Place {
  virtual ~Place() = default;
  virtual Files& files() = 0;
  virtual Path root() = 0;
};

struct PosixPlace final : Place {
  Files& files() override { return PosixFiles(); }
  Path root() override { return dir.path(); }
  TempDir dir;
};

struct FakePlace final : Place {
  FakePlace() { fake.CreateDirectories("/root").value(); }
  Files& files() override { return fake; }
  Path root() override { return "/root"; }
  FakeFiles fake;
};

class FilesTest : public testing::TestWithParam<bool> {
 protected:
  FilesTest() {
    if (GetParam()) {
      place_ = std::make_unique<FakePlace>();
    } else {
      place_ = std::make_unique<PosixPlace>();
    }
  }
  Files& files() { return place_->files(); }
  Path At(std::string_view name) { return place_->root() / name; }

  void Write(const Path& path, std::string_view content) {
    files().WriteDurably(path, AsBytes(content)).value();
  }
  std::string Read(const Path& path) { return files().ReadAll(path).value(); }
  std::vector<std::string> Names() { return files().List(place_->root()).value(); }

 private:
  std::unique_ptr<Place> place_;
};

INSTANTIATE_TEST_SUITE_P(Files, FilesTest, testing::Bool(), [](const auto& param) {
  return std::string(param.param ? "Fake" : "Posix");
});

TEST_P(FilesTest, ReadsBackWhatWasWrittenAndLeavesNoTemporary) {
  Write(At("a"), "first");
  Write(At("a"), "second");
  EXPECT_EQ(Read(At("a")), "second");
  EXPECT_EQ(Names(), std::vector<std::string>{"a"});
}

TEST_P(FilesTest, WritesDurablyUnderAMissingParent) {
  Write(At("x/y/z"), "deep");
  EXPECT_EQ(Read(At("x/y/z")), "deep");
}

TEST_P(FilesTest, WrittenFileHasTheModeAskedFor) {
  files().WriteDurably(At("key"), AsBytes("secret"), 0600).value();
  EXPECT_EQ(files().Stat(At("key")).value().mode, 0600U);
  files().SetMode(At("key"), 0400).value();
  EXPECT_EQ(files().Stat(At("key")).value().mode, 0400U);
}

TEST_P(FilesTest, MissingThingsAreNotFound) {
  EXPECT_EQ(CodeOf(files().Open(At("no"))), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(files().Stat(At("no"))), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(files().List(At("no"))), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(files().Remove(At("no"))), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(files().Rename(At("no"), At("to"))), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(files().SyncFile(At("no"))), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(files().SyncDirectory(At("no"))), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(files().SetMode(At("no"), 0600)), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(files().Create(At("no/file"), IfExists::kReplace)), ErrorCode::kNotFound);
  EXPECT_FALSE(files().Exists(At("no")).value());
  EXPECT_TRUE(IsOk(files().RemoveTree(At("no"))));
}

TEST_P(FilesTest, ErrorsNameThePath) {
  EXPECT_NE(files().Open(At("absent")).error().message.find(At("absent").string()),
            std::string::npos);
}

TEST_P(FilesTest, AFileInTheWayIsNotADirectory) {
  Write(At("file"), "x");
  EXPECT_FALSE(files().Exists(At("file/below")).value());
  EXPECT_EQ(CodeOf(files().CreateDirectories(At("file"))), ErrorCode::kAlreadyExists);
  EXPECT_EQ(CodeOf(files().List(At("file"))), ErrorCode::kNotFound);
}

TEST_P(FilesTest, CreateReplacesOrFailsAsAsked) {
  Write(At("a"), "old");
  EXPECT_EQ(CodeOf(files().Create(At("a"), IfExists::kFail)), ErrorCode::kAlreadyExists);
  EXPECT_EQ(Read(At("a")), "old");
  EXPECT_TRUE(IsOk(files().Create(At("a"), IfExists::kReplace).value()->Close()));
  EXPECT_EQ(Read(At("a")), "");
}

TEST_P(FilesTest, AppendsAddUpAndAClosedFileTakesNoMore) {
  const auto file = files().Create(At("log"), IfExists::kFail).value();
  EXPECT_TRUE(IsOk(file->Append(AsBytes("one "))));
  EXPECT_TRUE(IsOk(file->Append(AsBytes("two"))));
  EXPECT_TRUE(IsOk(file->Sync()));
  EXPECT_TRUE(IsOk(file->Close()));
  EXPECT_FALSE(file->Append(AsBytes("three")));
  EXPECT_TRUE(IsOk(file->Close()));
  EXPECT_EQ(Read(At("log")), "one two");
}

TEST_P(FilesTest, ReadsAtAnyOffsetAndLessOnlyAtTheEnd) {
  Write(At("a"), "0123456789");
  const auto file = files().Open(At("a")).value();
  EXPECT_EQ(file->size(), 10U);
  std::string buffer(4, ' ');
  EXPECT_EQ(file->Read(2, std::as_writable_bytes(std::span(buffer))).value(), 4U);
  EXPECT_EQ(buffer, "2345");
  EXPECT_EQ(file->Read(8, std::as_writable_bytes(std::span(buffer))).value(), 2U);
  EXPECT_EQ(buffer.substr(0, 2), "89");
  EXPECT_EQ(file->Read(10, std::as_writable_bytes(std::span(buffer))).value(), 0U);
  EXPECT_EQ(file->Read(99, std::as_writable_bytes(std::span(buffer))).value(), 0U);
}

TEST_P(FilesTest, ReadAllRefusesMoreThanTheLimit) {
  Write(At("a"), "12345");
  EXPECT_EQ(files().ReadAll(At("a"), 5).value(), "12345");
  EXPECT_EQ(CodeOf(files().ReadAll(At("a"), 4)), ErrorCode::kExhausted);
}

TEST_P(FilesTest, ADirectoryIsNotReadAsAFile) {
  files().CreateDirectories(At("d")).value();
  EXPECT_EQ(CodeOf(files().Open(At("d"))), ErrorCode::kInvalid);
  EXPECT_TRUE(files().Stat(At("d")).value().is_directory);
}

TEST_P(FilesTest, RenameReplacesItsTarget) {
  Write(At("a"), "A");
  Write(At("b"), "B");
  EXPECT_TRUE(IsOk(files().Rename(At("a"), At("b"))));
  EXPECT_EQ(Read(At("b")), "A");
  EXPECT_EQ(Names(), std::vector<std::string>{"b"});
}

TEST_P(FilesTest, ListIsSorted) {
  for (const char* name : {"c", "a", "b"}) Write(At(name), "");
  EXPECT_EQ(Names(), (std::vector<std::string>{"a", "b", "c"}));
}

TEST_P(FilesTest, RemoveKeepsAFullDirectoryAndRemoveTreeDoesNot) {
  Write(At("d/e/f"), "x");
  Write(At("d/g"), "y");
  EXPECT_EQ(CodeOf(files().Remove(At("d"))), ErrorCode::kAlreadyExists);
  EXPECT_TRUE(IsOk(files().RemoveTree(At("d"))));
  EXPECT_TRUE(Names().empty());
}

TEST_P(FilesTest, CreateDirectoriesMayBeRepeated) {
  EXPECT_TRUE(IsOk(files().CreateDirectories(At("a/b/c"))));
  EXPECT_TRUE(IsOk(files().CreateDirectories(At("a/b/c/"))));
  EXPECT_TRUE(files().Stat(At("a/b/c")).value().is_directory);
}

TEST_P(FilesTest, FreeSpaceIsKnown) { EXPECT_GT(files().FreeSpace(At("")).value(), 0U); }

TEST_P(FilesTest, WritersOfOneNameNeverMixTheirBytes) {
  const auto write = [this](char letter) {
    for (int i = 0; i < 20; ++i) Write(At("shared"), std::string(1000, letter));
  };
  {
    const std::jthread one(write, 'a');
    const std::jthread two(write, 'b');
  }
  const std::string content = Read(At("shared"));
  EXPECT_EQ(content, std::string(1000, content.at(0)));
  EXPECT_EQ(Names().size(), 1U);
}

TEST(PosixFiles, RemoveTreeFollowsNoLink) {
  const TempDir dir;
  Files& files = PosixFiles();
  files.WriteDurably(dir / "kept/file", AsBytes("x")).value();
  files.CreateDirectories(dir / "tree").value();
  std::filesystem::create_directory_symlink(dir / "kept", dir / "tree/link");
  EXPECT_TRUE(IsOk(files.RemoveTree(dir / "tree")));
  EXPECT_TRUE(files.Exists(dir / "kept/file").value());
}

TEST(PosixFiles, APipeIsRefusedWithoutWaitingForItsWriter) {
  const TempDir dir;
  ASSERT_EQ(mkfifo((dir / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(CodeOf(PosixFiles().Open(dir / "pipe")), ErrorCode::kInvalid);
}

TEST(PosixFiles, AFullDiskIsExhausted) {
  const auto file = PosixFiles().Create("/dev/full", IfExists::kReplace).value();
  EXPECT_EQ(CodeOf(file->Append(AsBytes("x"))), ErrorCode::kExhausted);
  EXPECT_EQ(CodeOf(file->Sync()), ErrorCode::kUnavailable) << "an error must not be forgotten";
}

}  // namespace
}  // namespace weir
