#include "control/sqlite_store.h"

#include <gtest/gtest.h>

#include "base/testing/matchers.h"
#include "base/testing/temp_dir.h"

namespace weir::control {
namespace {

TEST(SqliteStore, KeepsWhatItAcknowledged) {
  const TempDir dir;
  {
    auto store = OpenSqliteStore(dir / "control.db").value();
    const auto revision = store->Transact(Context::Background(), [](Transaction& transaction) {
      return transaction.Put(Key("things").With("a"), "1");
    });
    EXPECT_EQ(revision.value(), 1);
  }
  auto store = OpenSqliteStore(dir / "control.db").value();
  auto snapshot = store->Read(Context::Background()).value();
  EXPECT_EQ(snapshot->Get(Key("things").With("a")).value()->value, "1");
  EXPECT_EQ(store->revision(), 1);
}

}  // namespace
}  // namespace weir::control
