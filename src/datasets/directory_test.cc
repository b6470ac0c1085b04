#include "datasets/directory.h"

#include <gtest/gtest.h>

#include "base/testing/matchers.h"
#include "datasets/testing/dataset_home.h"

namespace weir::datasets {
namespace {

Status Put(DatasetHome& home, const DatasetEntry& entry) {
  const auto done = home.store().Transact(
      home.context(), [&](control::Transaction& all) { return PutDataset(all, entry); });
  return done ? Status() : done.error();
}

DatasetEntry Entry(std::uint8_t number, std::string name) {
  return {.id = DatasetHome::IdOf(number), .workspace = "public", .name = std::move(name)};
}

TEST(Directory, FindsANameInAnySpelling) {
  DatasetHome home;
  ASSERT_TRUE(IsOk(Put(home, Entry(1, "Seattle_weather"))));
  const auto snapshot = home.store().Read(home.context()).value();
  EXPECT_EQ(FindDataset(*snapshot, "public", "seattle-Weather")->name, "Seattle_weather");
  EXPECT_EQ(CodeOf(FindDataset(*snapshot, "other", "seattle-weather")), ErrorCode::kNotFound);
  EXPECT_EQ(FindDataset(*snapshot, DatasetHome::IdOf(1))->name, "Seattle_weather");
}

TEST(Directory, RefusesASecondDatasetOfAName) {
  DatasetHome home;
  ASSERT_TRUE(IsOk(Put(home, Entry(1, "a-b"))));
  EXPECT_EQ(CodeOf(Put(home, Entry(2, "A_B"))), ErrorCode::kAlreadyExists);
  EXPECT_TRUE(IsOk(Put(home, Entry(1, "A_B"))));
}

TEST(Directory, FreesTheNameThatADatasetGaveUp) {
  DatasetHome home;
  ASSERT_TRUE(IsOk(Put(home, Entry(1, "old"))));
  ASSERT_TRUE(IsOk(Put(home, Entry(1, "new"))));
  ASSERT_TRUE(IsOk(Put(home, Entry(2, "old"))));
  const auto snapshot = home.store().Read(home.context()).value();
  EXPECT_EQ(FindDataset(*snapshot, "public", "new")->id, DatasetHome::IdOf(1));
  const auto all = ListDatasets(*snapshot, "public").value();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].name, "new");
  EXPECT_EQ(ListDatasets(*snapshot, "public", "new").value().size(), 1U);
}

}  // namespace
}  // namespace weir::datasets
