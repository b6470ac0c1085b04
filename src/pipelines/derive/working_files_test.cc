#include "pipelines/derive/working_files.h"

#include <gtest/gtest.h>

#include <string>

#include "base/testing/fake_files.h"
#include "pipelines/derive/testing/derive_home.h"

namespace weir::pipelines {
namespace {

using engine::KeptGroups;

odf::DatasetId IdOf(std::uint8_t number) { return datasets::DatasetHome::IdOf(number); }

std::shared_ptr<KeptGroups> GroupsOf(int count) {
  auto groups = std::make_shared<KeptGroups>();
  for (int i = 0; i < count; ++i) {
    groups->Put("key " + std::to_string(i), std::string(static_cast<std::size_t>(i), 's'));
  }
  return groups;
}

WorkingState SomeState() {
  WorkingState state;
  state.consumed = {Multihash::Sha3Of(AsBytes("a block")), std::nullopt};
  state.groups["SELECT few"] = GroupsOf(3);
  state.groups["SELECT many"] = GroupsOf(5000);
  state.groups["SELECT too many"] = nullptr;
  return state;
}

std::string TextOf(const KeptGroups& groups, const std::string& key) {
  const auto state = groups.Find(key);
  return state ? std::string(*state) : "none";
}

class WorkingFilesTest : public ::testing::Test {
 protected:
  std::filesystem::path Path() const {
    return std::filesystem::path("/working") / IdOf(1).ToMultibase() / "groups";
  }

  FakeFiles files_;
  WorkingFiles kept_{files_, "/working"};
};

TEST_F(WorkingFilesTest, WhatIsWrittenIsRead) {
  ASSERT_TRUE(kept_.Write(IdOf(1), SomeState()));
  const auto read = kept_.Read(IdOf(1), 1 << 30);
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->is_on_disk);
  EXPECT_EQ(read->consumed, SomeState().consumed);
  ASSERT_EQ(read->groups.size(), 2U);  // what was too large to be kept is not here either
  EXPECT_EQ(read->groups.at("SELECT few")->size(), 3U);
  const KeptGroups& many = *read->groups.at("SELECT many");
  EXPECT_EQ(many.size(), 5000U);
  EXPECT_EQ(TextOf(many, "key 7"), "sssssss");
  EXPECT_EQ(TextOf(many, "key 4999"), std::string(4999, 's'));
  EXPECT_FALSE(kept_.Read(IdOf(2), 1 << 30));
}

TEST_F(WorkingFilesTest, ANewOneStandsForTheOld) {
  ASSERT_TRUE(kept_.Write(IdOf(1), SomeState()));
  WorkingState newer;
  newer.groups["SELECT few"] = GroupsOf(9);
  ASSERT_TRUE(kept_.Write(IdOf(1), newer));
  EXPECT_EQ(kept_.Read(IdOf(1), 1 << 30)->groups.at("SELECT few")->size(), 9U);
  EXPECT_EQ(files_.List(Path().parent_path()).value().size(), 1U);
}

TEST_F(WorkingFilesTest, WhatIsDamagedIsRemoved) {
  WorkingState state;
  state.groups["SELECT few"] = GroupsOf(3);
  ASSERT_TRUE(kept_.Write(IdOf(1), state));
  const std::string whole = files_.ReadAll(Path()).value();
  for (std::size_t place = 0; place < whole.size(); ++place) {
    std::string damaged = whole;
    damaged[place] = static_cast<char>(damaged[place] ^ 0x20);
    ASSERT_TRUE(files_.WriteDurably(Path(), AsBytes(damaged)));
    EXPECT_FALSE(kept_.Read(IdOf(1), 1 << 30)) << place;
    EXPECT_FALSE(files_.Exists(Path()).value()) << place;
    ASSERT_TRUE(files_.WriteDurably(Path(), AsBytes(whole.substr(0, place))));
    EXPECT_FALSE(kept_.Read(IdOf(1), 1 << 30)) << place;
  }
}

TEST_F(WorkingFilesTest, OneThatIsTooLargeForMemoryIsNotRead) {
  ASSERT_TRUE(kept_.Write(IdOf(1), SomeState()));
  EXPECT_FALSE(kept_.Read(IdOf(1), 1000));
}

TEST_F(WorkingFilesTest, WhatLeavesMemoryIsFoundAgain) {
  const auto bytes = SomeState().bytes();
  WorkingStates states(kept_, bytes + bytes / 2);
  states.Put(IdOf(1), SomeState());
  states.Put(IdOf(2), SomeState());
  EXPECT_TRUE(kept_.Read(IdOf(1), 1 << 30));   // there was room for one
  EXPECT_FALSE(kept_.Read(IdOf(2), 1 << 30));  // written at the end
  EXPECT_EQ(states.Take(IdOf(1), SomeState().consumed).groups.size(), 2U);
  EXPECT_EQ(states.Take(IdOf(2), SomeState().consumed).groups.size(), 3U);
  EXPECT_TRUE(states.Take(IdOf(1), {std::nullopt}).groups.empty());  // of other blocks
}

constexpr const char* kAppend = R"({"read": {"kind": "NdJson", "ddlSchema":
    ["k INT", "v DOUBLE"]}, "merge": {"kind": "Append"}})";

// An update that reads no old row does not see that one is gone.
class NextProcess : public ::testing::Test {
 protected:
  NextProcess() {
    home_.AddRoot(1, kAppend);
    home_.AddDerivative(2, {{"a", 1}}, "SELECT k, sum(v) AS s FROM a GROUP BY k");
    home_.Push(1, "{\"k\": 1, \"v\": 0.5}\n").value();
    home_.Update(2).value();
    home_.Publish();
    for (const auto& [name, content] : home_.Objects(1)) {
      if (name.starts_with("data/")) home_.Remove(1, name);
    }
    home_.Reopen();
    home_.Push(1, "{\"k\": 1, \"v\": 0.25}\n").value();
  }

  DeriveHome home_{{.working = "/working"}};
};

TEST_F(NextProcess, GoesOnWithWhatTheLastOneKept) {
  const auto updated = home_.Update(2);
  ASSERT_TRUE(updated) << updated.error().message;
  EXPECT_EQ(home_.Rows(2),
            "0 2026-01-01 00:00:00.000000Z 1 0.5\n"
            "2 2026-01-01 00:00:00.000000Z 1 0.5\n"
            "3 2026-01-01 00:00:00.000000Z 1 0.75\n");
}

TEST_F(NextProcess, ReadsAllOldRowsWhereNothingWasKept) {
  ASSERT_TRUE(home_.files().RemoveTree("/working"));
  EXPECT_FALSE(home_.Update(2));
}

}  // namespace
}  // namespace weir::pipelines
