#include "datasets/checked_slices.h"

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "base/memory_file.h"
#include "base/testing/matchers.h"
#include "slices/physical_hash.h"

namespace weir::datasets {
namespace {

// Slices of one letter each, and how often each was opened.
class CheckedSlicesTest : public testing::Test {
 protected:
  void Write(const std::string& letters) {
    for (const char letter : letters) {
      const std::string content(1000, letter);
      const auto file = FileOf(content);
      odf::DataSlice slice{.size = content.size()};
      slice.physical_hash =
          slices::PhysicalHashes(Context::Background(), {&file, 1}).front().value();
      contents_[slice.physical_hash] = content;
      group_.push_back(slice);
    }
  }

  std::string& Content(std::size_t index) { return contents_[group_[index].physical_hash]; }

  Result<std::shared_ptr<const ReadableFile>> Open(std::size_t index) {
    return known_.OpenChecked(
        Context::Background(), {group_, index},
        [this](const odf::DataSlice& slice) -> Result<std::shared_ptr<const ReadableFile>> {
          const std::string& content = contents_.at(slice.physical_hash);
          if (content.empty()) return NotFound("it is gone");
          ++opened_;
          return FileOf(content);
        });
  }

  CheckedSlices known_;
  std::vector<odf::DataSlice> group_;
  std::map<Multihash, std::string> contents_;
  std::atomic<int> opened_ = 0;
};

TEST_F(CheckedSlicesTest, AreHashedWithThoseBesideThemOnce) {
  Write("abcdefgh");
  ASSERT_TRUE(Open(3));
  EXPECT_EQ(opened_, 8);
  for (std::size_t i = 0; i < group_.size(); ++i) ASSERT_TRUE(Open(i));
  EXPECT_EQ(opened_, 16);  // to be read, and none to be hashed
}

TEST_F(CheckedSlicesTest, DamageIsSaidToWhoWantsTheSliceAndToNobodyElse) {
  Write("abcd");
  Content(1)[500] ^= 1;
  Content(2) += "more";
  Content(3).clear();
  EXPECT_TRUE(Open(0));
  EXPECT_EQ(CodeOf(Open(1)), ErrorCode::kCorrupt);
  EXPECT_EQ(CodeOf(Open(2)), ErrorCode::kCorrupt);
  EXPECT_EQ(CodeOf(Open(3)), ErrorCode::kNotFound);
  Content(1)[500] ^= 1;
  EXPECT_TRUE(Open(1));
}

TEST_F(CheckedSlicesTest, WhatThisProcessWroteIsNotHashedAgain) {
  Write("ab");
  known_.NoteWritten(group_[0].physical_hash);
  ASSERT_TRUE(Open(0));
  EXPECT_EQ(opened_, 1);
}

TEST_F(CheckedSlicesTest, ThreadsThatWantThemAtOnceHashEachOnce) {
  Write("abcdefgh");
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < group_.size(); ++i) {
    threads.emplace_back([this, i] { EXPECT_TRUE(Open(i)); });
  }
  threads.clear();
  EXPECT_EQ(opened_, 8 + 7);
}

}  // namespace
}  // namespace weir::datasets
