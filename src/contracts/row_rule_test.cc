#include "contracts/row_rule.h"

#include <gtest/gtest.h>

#include <array>

#include "base/testing/matchers.h"

namespace weir::contracts {
namespace {

const std::array<ColumnAtHand, 3> kColumns = {ColumnAtHand{"id", "c0", "BIGINT"},
                                              ColumnAtHand{"name", "c1", "VARCHAR"},
                                              ColumnAtHand{"amount", "c2", "DOUBLE"}};

TEST(FailsSql, IsAConditionOverTheColumnsAtHand) {
  const auto fails = [](Rule rule) {
    return FailsSql({.rule = std::move(rule)}, kColumns).value();
  };
  EXPECT_EQ(fails(NotNull{{"id", "name"}}), "(c0 IS NULL OR c1 IS NULL)");
  EXPECT_EQ(fails(AcceptedValues{"name", {"it's", 1}}), "(c1 NOT IN ('it''s', '1'))");
  EXPECT_EQ(fails(Range{"id", 1, 9}), "(c0 < 1 OR c0 > 9)");
  EXPECT_EQ(fails(Range{.column = "amount", .min = 0}), "(c2 < 0 OR isnan(c2))");
  EXPECT_EQ(fails(Matches{"name", "a'b"}), "(NOT regexp_full_match(c1, 'a''b'))");
}

TEST(FailsSql, NamesTheColumnThatIsNotThere) {
  const auto fails = FailsSql({.name = "x", .rule = NotNull{{"nowhere"}}}, kColumns);
  ASSERT_FALSE(fails);
  EXPECT_EQ(fails.error().message, "check x names a column nowhere, which the rows do not have");
  EXPECT_EQ(fails.error().hint, "they have id, name, amount");
}

TEST(FailedMaskSql, HasTheBitsOfTheChecksThatJudgeRows) {
  const Contract contract = {{.rule = NotNull{{"id"}}},
                             {.rule = Unique{{"id"}}},
                             {.rule = Range{.column = "id", .max = 9}}};
  EXPECT_EQ(FailedMaskSql(contract, "op", kColumns).value(),
            "CASE WHEN op IN (0, 3) AND ((c0 IS NULL) OR (c0 > 9)) THEN "
            "CASE WHEN (c0 IS NULL) THEN 1::BIGINT ELSE 0 END + "
            "CASE WHEN (c0 > 9) THEN 4::BIGINT ELSE 0 END ELSE 0::BIGINT END");
  EXPECT_EQ(FailedMaskSql({{.rule = Unique{{"id"}}}}, "op", kColumns).value(), "");
}

}  // namespace
}  // namespace weir::contracts
