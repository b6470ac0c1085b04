#include "catalog/system_tables.h"

#include <gtest/gtest.h>

#include "base/testing/matchers.h"
#include "catalog/testing/table_home.h"
#include "datasets/check_results.h"

namespace weir::catalog {
namespace {

TEST(SystemTables, TellWhatCameOfChecks) {
  TableHome home;
  const auto id = home.Create("orders", Appending());
  const char* all = "SELECT dataset, check_name, status, failing_rows, message FROM system.checks";
  EXPECT_EQ(home.Query(all).value(), "");
  const datasets::CheckedCommit commit{.time = datasets::DatasetHome::Second(1),
                                       .results = {{.check = "a", .kind = "notNull", .failing = 0},
                                                   {.check = "b",
                                                    .kind = "rowCount",
                                                    .status = datasets::CheckStatus::kWarned,
                                                    .message = "too few"}}};
  ASSERT_TRUE(IsOk(
      home.home().store().Transact(home.home().context(), [&](control::Transaction& transaction) {
        return datasets::PutCheckedCommit(transaction, id, commit);
      })));
  EXPECT_EQ(home.Query(all).value(), "orders a passed 0 null\norders b warned null too few\n");
  EXPECT_EQ(home.Query("SELECT count(*) FROM System.Checks c WHERE c.block IS NULL").value(),
            "2\n");
  EXPECT_EQ(home.Query("SELECT kind FROM weir.system.checks LIMIT 1").value(), "notNull\n");
}

TEST(SystemTables, AreNoOtherNames) {
  TableHome home;
  EXPECT_EQ(home.Query("SELECT * FROM system.secrets").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(home.Query("SELECT * FROM checks").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(home.Query("SELECT table_name FROM information_schema.tables "
                       "WHERE table_schema = 'system' AND table_catalog = 'weir'")
                .value(),
            "checks\n");
}

}  // namespace
}  // namespace weir::catalog
