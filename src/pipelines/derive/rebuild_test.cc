#include "pipelines/derive/rebuild.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/matchers.h"
#include "pipelines/derive/testing/derive_home.h"

namespace weir::pipelines {
namespace {

using testing::HasSubstr;

constexpr const char* kAppend = R"({"read": {"kind": "NdJson", "ddlSchema":
    ["k INT", "g STRING", "v DOUBLE"]}, "merge": {"kind": "Append"}})";

// A root, sums of it by group, and the largest of these; each with a few steps.
class RebuildTest : public ::testing::Test {
 protected:
  RebuildTest() { Fill(home_); }

  static void Fill(DeriveHome& home) {
    home.AddRoot(1, kAppend);
    home.AddDerivative(3, {{"a", 1}}, "SELECT g, sum(v) AS total FROM a GROUP BY g");
    home.AddDerivative(4, {{"t", 3}}, "SELECT max(total) AS most FROM t");
    Step(home, R"({"k": 1, "g": "x", "v": 0.1}
{"k": 2, "g": "y", "v": 2})");
    Step(home, R"({"k": 3, "g": "y", "v": 0.5})");
    // The query of the first changes on the way.
    home.AddDerivative(3, {{"a", 1}}, "SELECT g, sum(v) + 1 AS total FROM a GROUP BY g");
    Step(home, R"({"k": 4, "g": "z", "v": 7})");
    home.Publish();
  }

  static void Step(DeriveHome& home, const std::string& rows) {
    home.Push(1, rows).value();
    home.Update(3).value();
    home.Update(4).value();
  }

  static void RemoveAll(DeriveHome& home, std::uint8_t number) {
    for (const auto& [name, content] : home.Objects(number)) home.Remove(number, name);
  }

  DeriveHome home_;
};

TEST_F(RebuildTest, ALostGraphComesBackByteForByte) {
  const auto sums = home_.Objects(3);
  const auto largest = home_.Objects(4);
  RemoveAll(home_, 3);
  RemoveAll(home_, 4);
  home_.Reopen();
  EXPECT_FALSE(home_.Verify(4));
  const auto rebuilt = home_.Rebuild({4});  // what it is computed from comes with it
  ASSERT_TRUE(IsOk(rebuilt));
  EXPECT_EQ(rebuilt->datasets, 2U);
  EXPECT_EQ(rebuilt->slices, 6U);
  EXPECT_EQ(home_.Objects(3), sums);
  EXPECT_EQ(home_.Objects(4), largest);
  EXPECT_TRUE(IsOk(home_.Verify(4)));
}

TEST_F(RebuildTest, OnlyWhatIsDamagedIsComputedAgain) {
  const auto before = home_.Objects(3);
  const auto paths = home_.files().Paths();
  std::size_t damaged = 0;
  for (const auto& path : paths) {
    const std::string text = path.string();
    const bool is_part =
        text.find("/data/") != std::string::npos || text.find("/blocks/") != std::string::npos;
    if (text.find(datasets::DatasetHome::IdOf(3).ToMultibase()) == std::string::npos || !is_part) {
      continue;
    }
    SCOPED_TRACE(text);
    home_.files().FlipBit(path, 100);
    const auto rebuilt = home_.Rebuild({3});
    ASSERT_TRUE(IsOk(rebuilt));
    EXPECT_EQ(rebuilt->slices + rebuilt->blocks, 1U);
    EXPECT_EQ(rebuilt->datasets, 1U);
    ++damaged;
  }
  EXPECT_EQ(damaged, 10U);  // three slices; seed, two transforms, schema and as many steps
  EXPECT_EQ(home_.Objects(3), before);
  EXPECT_EQ(home_.Rebuild({3, 4})->slices, 0U);
}

// Goal: a rebuilding that ends anywhere is finished by the next. Method: fail the first call of the
// file system, then the second, and so on until it gets through; after each failure the process
// ends, and the next one does it.
TEST_F(RebuildTest, WhatWasInterruptedGoesOn) {
  const auto sums = home_.Objects(3);
  const auto largest = home_.Objects(4);
  for (int failing = 0;; failing += 19) {
    SCOPED_TRACE(failing);
    RemoveAll(home_, 3);
    RemoveAll(home_, 4);
    home_.files().FailCall(failing, ErrorCode::kExhausted);
    const bool done = bool(home_.Rebuild({3, 4}));
    home_.files().CutPower();
    home_.Reopen();
    ASSERT_TRUE(IsOk(home_.Rebuild({3, 4})));
    ASSERT_EQ(home_.Objects(3), sums);
    ASSERT_EQ(home_.Objects(4), largest);
    if (done) break;
  }
}

TEST_F(RebuildTest, AFullDiskIsSaidAndLeavesNothingHalf) {
  RemoveAll(home_, 3);
  home_.files().FillDisk(3000);
  EXPECT_EQ(CodeOf(home_.Rebuild({3})), ErrorCode::kExhausted);
  home_.files().FillDisk(1 << 30);
  EXPECT_TRUE(IsOk(home_.Rebuild({3})));
  EXPECT_TRUE(IsOk(home_.Verify(4)));
}

TEST_F(RebuildTest, ARootIsNotComputed) {
  EXPECT_EQ(CodeOf(home_.Rebuild({1})), ErrorCode::kInvalid);
}

TEST_F(RebuildTest, ALostInputIsNamed) {
  RemoveAll(home_, 3);
  for (const auto& [name, content] : home_.Objects(1)) {
    if (name.starts_with("data/")) home_.Remove(1, name);
  }
  home_.Reopen();
  const auto rebuilt = home_.Rebuild({3});
  ASSERT_FALSE(rebuilt);
  EXPECT_THAT(rebuilt.error().message, HasSubstr("data/"));
}

// Of the same rows by another writer: the rows could be had again, the file could not.
TEST(Rebuild, AFileOfAnotherWriterIsNotReplacedByOneOfAnotherHash) {
  DeriveHome home;
  home.AddRoot(1, kAppend);
  home.AddDerivative(3, {{"a", 1}}, "SELECT k, v FROM a");
  home.Push(1, R"({"k": 1, "v": 1})").value();
  home.Update(3).value();
  home.AddForged(5, 3, {{"a", 1}}, "SELECT k, v FROM a",
                 [](std::string content) { return content + "!"; });
  home.Publish();
  for (const auto& [name, content] : home.Objects(5)) {
    if (name.starts_with("data/")) home.Remove(5, name);
  }
  const auto before = home.Objects(5);
  const auto rebuilt = home.Rebuild({5});
  ASSERT_EQ(CodeOf(rebuilt), ErrorCode::kConflict);
  EXPECT_THAT(rebuilt.error().message, HasSubstr("the rows are the same, but their file"));
  EXPECT_EQ(home.Objects(5), before);
}

// Goal: a large slice has the same bytes, however it was computed. Method: follow an input with
// several threads, lose the slices, and compute them again from all rows with one.
TEST(Rebuild, LargeSlicesComeBackByteForByteFromAnotherNumberOfThreads) {
  DeriveHome home({.engine = {.threads = 4}});
  home.AddRoot(1, kAppend);
  home.AddDerivative(3, {{"a", 1}}, "SELECT k, g, v * 2 AS w FROM a WHERE k % 3 <> 0");
  for (int part = 0; part < 2; ++part) {
    std::string rows;
    for (int i = 0; i < 150'000; ++i) {
      rows += fmt::format("{{\"k\": {}, \"g\": \"group {}\", \"v\": {}.5}}\n", part * 150'000 + i,
                          i * 7919 % 1000, i % 1777);
    }
    home.Push(1, rows).value();
    home.Update(3).value();
  }
  home.Publish();
  const auto before = home.Objects(3);
  for (const auto& [name, content] : before) {
    if (name.starts_with("data/")) {
      EXPECT_GT(content.size(), datasets::kMostPendingBytes);
      home.Remove(3, name);
    }
  }
  home.UseThreads(1);
  const auto rebuilt = home.Rebuild({3});
  ASSERT_TRUE(IsOk(rebuilt));
  EXPECT_EQ(rebuilt->slices, 2U);
  EXPECT_EQ(home.Objects(3), before);
}

}  // namespace
}  // namespace weir::pipelines
