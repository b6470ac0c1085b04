#include "secrets/key_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/fake_files.h"
#include "base/testing/matchers.h"
#include "base/testing/temp_dir.h"

namespace weir::secrets {
namespace {

constexpr auto kPath = "/home/keys/sealing";

TEST(KeyFile, IsMadeOnFirstUseForItsOwnerAlone) {
  const TempDir dir;
  const KeyFile file(PosixFiles(), dir / "keys/sealing");
  EXPECT_EQ(CodeOf(file.Load()), ErrorCode::kNotFound);
  const auto made = file.LoadOrCreate(SystemRng());
  ASSERT_TRUE(IsOk(made));
  EXPECT_EQ(PosixFiles().Stat(dir / "keys/sealing")->mode & 0777U, 0600U);
  EXPECT_EQ(PosixFiles().Stat(dir / "keys")->mode & 0777U, 0700U);
  EXPECT_EQ(file.Load()->newest().id, made->newest().id);
}

TEST(KeyFile, IsRefusedWhenOthersMayTouchIt) {
  FakeFiles files;
  const KeyFile file(files, kPath);
  ASSERT_TRUE(IsOk(file.LoadOrCreate(SystemRng())));
  for (const unsigned mode : {0640U, 0604U, 0660U, 0601U, 0622U}) {
    ASSERT_TRUE(IsOk(files.SetMode(kPath, mode)));
    const auto loaded = file.Load();
    ASSERT_EQ(CodeOf(loaded), ErrorCode::kDenied) << mode;
    EXPECT_THAT(loaded.error().hint, testing::HasSubstr("chmod 600"));
    // Nor is it replaced by a new one, which would lose every secret.
    EXPECT_EQ(CodeOf(file.LoadOrCreate(SystemRng())), ErrorCode::kDenied);
  }
  ASSERT_TRUE(IsOk(files.SetMode(kPath, 0400)));
  EXPECT_TRUE(IsOk(file.Load()));
}

TEST(KeyFile, ADamagedOneIsCorruptAndIsNotReplaced) {
  FakeFiles files;
  const KeyFile file(files, kPath);
  ASSERT_TRUE(IsOk(file.LoadOrCreate(SystemRng())));
  files.FlipBit(kPath, 8 * 60);
  EXPECT_EQ(CodeOf(file.LoadOrCreate(SystemRng())), ErrorCode::kCorrupt);
}

// Goal: a key that was given out is never lost. Method: fail each file call in turn, cut the power,
// and look: either there was no key, or it is the one given out.
TEST(KeyFile, AKeyThatWasGivenOutSurvivesAPowerCut) {
  for (int failing = 0;; ++failing) {
    SCOPED_TRACE(failing);
    ASSERT_LT(failing, 100);
    FakeFiles files;
    const KeyFile file(files, kPath);
    files.FailCall(failing);
    auto made = file.LoadOrCreate(SystemRng());
    const bool first_time = made.has_value();
    if (!first_time) {
      made = file.LoadOrCreate(SystemRng());
      ASSERT_TRUE(IsOk(made));
    }
    files.CutPower();
    const auto loaded = file.Load();
    ASSERT_TRUE(IsOk(loaded));
    EXPECT_EQ(loaded->newest().id, made->newest().id);
    if (first_time) break;
  }
}

}  // namespace
}  // namespace weir::secrets
