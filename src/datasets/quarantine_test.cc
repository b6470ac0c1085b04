#include "datasets/quarantine.h"

#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <string>

#include "base/testing/matchers.h"
#include "datasets/adopt.h"
#include "datasets/keys.h"
#include "datasets/testing/dataset_home.h"

namespace weir::datasets {
namespace {

class QuarantineTest : public testing::Test {
 protected:
  Status Do(const std::function<Status(control::Transaction&)>& change) {
    const auto done = home_.store().Transact(home_.context(), change);
    return done ? Ok() : Status(done.error());
  }

  std::optional<std::string> NameOf(const odf::DatasetId& id) {
    const auto snapshot = home_.store().Read(home_.context()).value();
    const auto entry = FindDataset(*snapshot, id);
    return entry ? std::optional(entry->name) : std::nullopt;
  }

  std::optional<odf::DatasetId> Find() {
    return FindQuarantine(*home_.store().Read(home_.context()).value(), entry_.id).value();
  }

  void Begin() {
    ASSERT_TRUE(IsOk(Do([&](control::Transaction& transaction) -> Status {
      RETURN_IF_ERROR(PutDataset(transaction, entry_));
      return BeginQuarantine(transaction, entry_, quarantine_, DatasetHome::Second(1));
    })));
  }

  DatasetHome home_;
  DatasetEntry entry_{.id = DatasetHome::IdOf(1), .workspace = "public", .name = "orders"};
  const odf::DatasetId quarantine_ = DatasetHome::IdOf(2);
};

TEST_F(QuarantineTest, IsADatasetWithASchemaAndNoRows) {
  EXPECT_EQ(Find(), std::nullopt);
  Begin();
  EXPECT_EQ(Find(), quarantine_);
  EXPECT_EQ(NameOf(quarantine_), "orders$quarantine");
  const auto record = home_.chains().Read(home_.context(), quarantine_);
  ASSERT_TRUE(IsOk(record));
  EXPECT_EQ(record->chain.schema, QuarantineSchema());
  EXPECT_FALSE(record->chain.has_data);
}

TEST_F(QuarantineTest, GoesWhereItsDatasetGoes) {
  Begin();
  entry_.name = "sales";
  ASSERT_TRUE(IsOk(Do([&](auto& transaction) { return NameQuarantine(transaction, entry_); })));
  EXPECT_EQ(NameOf(quarantine_), "sales$quarantine");
  ASSERT_TRUE(IsOk(Do([&](auto& transaction) {
    return RemoveQuarantine(transaction, entry_, DatasetHome::Second(2));
  })));
  EXPECT_EQ(NameOf(quarantine_), std::nullopt);
  ASSERT_TRUE(IsOk(Do([&](auto& transaction) { return NameQuarantine(transaction, entry_); })));
  EXPECT_EQ(NameOf(quarantine_), "sales$quarantine");
  const auto snapshot = home_.store().Read(home_.context()).value();
  EXPECT_FALSE(snapshot->Get(GoneKey(quarantine_)).value().has_value());
}

TEST_F(QuarantineTest, IsForgottenOnceItsChainIsGone) {
  Begin();
  ASSERT_TRUE(IsOk(ForgetDataset(home_.context(), home_.chains(), quarantine_)));
  EXPECT_EQ(Find(), std::nullopt);
}

}  // namespace
}  // namespace weir::datasets
