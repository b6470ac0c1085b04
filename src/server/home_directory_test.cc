#include "server/home_directory.h"

#include <gtest/gtest.h>

#include "base/testing/fake_files.h"
#include "base/testing/matchers.h"

namespace weir::server {
namespace {

const HomePaths kHome("/home");

std::string TextOf(const FakeFiles& files, const std::filesystem::path& path) {
  auto text = files.ReadAll(path);
  return text ? *text : "<none>";
}

// What a migration does in these tests: "rows" becomes "rows, upgraded".
Status Upgrade(Files& files, const HomePaths& paths) {
  ASSIGN_OR_RETURN(const std::string old, files.ReadAll(paths.control_db()));
  return files.WriteDurably(paths.control_db(), AsBytes(old + ", upgraded"));
}

void MakeOldHome(FakeFiles& files) {
  ASSERT_TRUE(IsOk(files.WriteDurably(kHome.control_db(), AsBytes("rows"))));
  ASSERT_TRUE(IsOk(files.WriteDurably(kHome.keys() / "sealing", AsBytes("key"), 0600)));
  ASSERT_TRUE(IsOk(files.WriteDurably(kHome.format(), AsBytes("1\n"))));
}

TEST(PrepareHome, MakesAHomeOfAnEmptyDirectory) {
  FakeFiles files;
  ASSERT_TRUE(IsOk(PrepareHome(files, kHome)));
  EXPECT_EQ(TextOf(files, kHome.format()), "1\n");
  EXPECT_EQ(files.Stat(kHome.keys())->mode, 0700U);
}

TEST(MakeRunDirectory, KeepsANewHomeToItsOwnerAndAnOldOneAsItWas) {
  FakeFiles files;
  ASSERT_TRUE(IsOk(MakeRunDirectory(files, kHome)));
  EXPECT_EQ(files.Stat(kHome.root)->mode, 0700U);
  ASSERT_TRUE(IsOk(files.SetMode(kHome.root, 0750)));
  ASSERT_TRUE(IsOk(MakeRunDirectory(files, kHome)));
  EXPECT_EQ(files.Stat(kHome.root)->mode, 0750U);
  EXPECT_EQ(files.Stat(kHome.run())->mode, 0700U);
}

TEST(PrepareHome, LeavesAHomeOfThisFormatAsItIs) {
  FakeFiles files;
  ASSERT_TRUE(IsOk(PrepareHome(files, kHome)));
  const auto paths = files.Paths();
  ASSERT_TRUE(IsOk(PrepareHome(files, kHome)));
  EXPECT_EQ(files.Paths(), paths);
}

TEST(PrepareHome, RefusesANewerFormatAndTouchesNothing) {
  FakeFiles files;
  MakeOldHome(files);
  ASSERT_TRUE(IsOk(files.WriteDurably(kHome.format(), AsBytes("2\n"))));
  const auto paths = files.Paths();
  const Status refused = PrepareHome(files, kHome);
  ASSERT_EQ(CodeOf(refused), ErrorCode::kUnimplemented);
  EXPECT_EQ(refused.error().message,
            "home /home has format 2, and this version of weir knows formats up to 1");
  EXPECT_EQ(files.Paths(), paths);
  EXPECT_EQ(TextOf(files, kHome.format()), "2\n");
}

TEST(PrepareHome, RefusesAFormatThatIsNoNumber) {
  for (const std::string_view text : {"", "one", "1x", "-1", "0", "1\n\n"}) {
    FakeFiles files;
    ASSERT_TRUE(IsOk(files.WriteDurably(kHome.format(), AsBytes(text))));
    EXPECT_EQ(CodeOf(PrepareHome(files, kHome)), ErrorCode::kCorrupt) << text;
  }
}

TEST(PrepareHome, RefusesAControlStoreWithoutAFormat) {
  FakeFiles files;
  ASSERT_TRUE(IsOk(files.WriteDurably(kHome.control_db(), AsBytes("rows"))));
  EXPECT_EQ(CodeOf(PrepareHome(files, kHome)), ErrorCode::kCorrupt);
}

TEST(PrepareHome, MigratesAnOlderHomeAndKeepsACopyOfIt) {
  FakeFiles files;
  MakeOldHome(files);
  ASSERT_TRUE(IsOk(PrepareHome(files, kHome, {{1, Upgrade}}, 2)));
  EXPECT_EQ(TextOf(files, kHome.format()), "2\n");
  EXPECT_EQ(TextOf(files, kHome.control_db()), "rows, upgraded");
  const HomePaths copy(kHome.root / "before-format-2");
  EXPECT_EQ(TextOf(files, copy.format()), "1\n");
  EXPECT_EQ(TextOf(files, copy.control_db()), "rows");
  EXPECT_EQ(TextOf(files, copy.keys() / "sealing"), "key");
  EXPECT_EQ(files.Stat(copy.keys() / "sealing")->mode, 0600U);
}

TEST(PrepareHome, RefusesAnOlderFormatThatNoMigrationLeadsFrom) {
  FakeFiles files;
  MakeOldHome(files);
  EXPECT_EQ(CodeOf(PrepareHome(files, kHome, {{2, Upgrade}}, 3)), ErrorCode::kUnimplemented);
  EXPECT_EQ(TextOf(files, kHome.control_db()), "rows");
}

// Goal: a migration that is cut off, anywhere, is made whole by the next start, and never applied
// twice. Method: fail the first file call, then the second, and so on; after each cut the power and
// prepare the home again.
TEST(PrepareHome, FinishesAMigrationThatWasCutOffAnywhere) {
  bool finished = false;
  for (int failing = 0; !finished; ++failing) {
    SCOPED_TRACE(failing);
    FakeFiles files;
    MakeOldHome(files);
    files.FailCall(failing);
    finished = PrepareHome(files, kHome, {{1, Upgrade}}, 2).has_value();
    files.CutPower();
    ASSERT_TRUE(IsOk(PrepareHome(files, kHome, {{1, Upgrade}}, 2)));
    EXPECT_EQ(TextOf(files, kHome.format()), "2\n");
    EXPECT_EQ(TextOf(files, kHome.control_db()), "rows, upgraded");
    EXPECT_EQ(TextOf(files, kHome.keys() / "sealing"), "key");
  }
}

}  // namespace
}  // namespace weir::server
