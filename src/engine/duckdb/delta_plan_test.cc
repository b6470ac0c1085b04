#include "engine/delta_plan.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "engine/sql_text.h"
#include "engine/workbench.h"

namespace weir::engine {
namespace {

class DeltaPlanTest : public ::testing::Test {
 protected:
  Result<DeltaPlan> Plan(const std::string& sql) {
    RETURN_IF_ERROR(bench_->Clear());
    for (const char* name : {"r", "s"}) {
      RETURN_IF_ERROR(bench_->Execute(
          Context::Background(), fmt::format("CREATE TABLE {} (k INTEGER, v DOUBLE, t VARCHAR)",
                                             Identifier(NameOf(name, Version::kNew)))));
    }
    const std::vector<TransformStep> steps = {{.sql = sql}};
    const std::vector<DeltaInput> inputs = {{.name = "r", .keys = {"k"}}, {.name = "s"}};
    return PlanDelta(Context::Background(), *bench_, steps, inputs);
  }

  std::unique_ptr<Workbench> bench_ = OpenDuckDbWorkbench({}).value();
};

TEST_F(DeltaPlanTest, AFilterGivesChangesForChanges) {
  const auto plan = Plan("SELECT k, v + 1 AS w FROM r WHERE v > 2");
  ASSERT_TRUE(plan) << plan.error().message;
  const DeltaStep& step = plan->steps.back();
  EXPECT_EQ(step.way, DeltaWay::kRows);
  ASSERT_EQ(step.terms.size(), 2U);
  EXPECT_EQ(step.terms[0].reads, "r added");
  EXPECT_FALSE(step.terms[0].takes_away);
  EXPECT_TRUE(step.terms[1].takes_away);
  EXPECT_EQ(plan->keys, std::vector<std::string>{"k"});
}

TEST_F(DeltaPlanTest, GroupsAreComputedAgainWhereARowChanged) {
  const auto plan = Plan("SELECT t AS name, sum(v) AS total FROM r, s WHERE r.k = s.k GROUP BY 1");
  ASSERT_FALSE(plan);  // t is in both
  const auto good =
      Plan("SELECT r.t AS name, sum(s.v) AS total FROM r, s WHERE r.k = s.k GROUP BY 1");
  ASSERT_TRUE(good) << good.error().message;
  EXPECT_EQ(good->steps.back().way, DeltaWay::kGroups);
  EXPECT_EQ(good->keys, std::vector<std::string>{"name"});
  EXPECT_NE(good->steps.back().sql_new.find("exact_sum"), std::string::npos);
}

TEST_F(DeltaPlanTest, SaysWhyItComputesEverything) {
  for (const auto& [sql, why] : std::vector<std::pair<std::string, std::string>>{
           {"SELECT rank() OVER (ORDER BY v) AS place, k FROM r", "window"},
           {"SELECT count(*) AS n FROM r", "GROUP BY"},
           {"SELECT * FROM r WHERE k IN (SELECT k FROM s)", "query inside"},
           {"SELECT r.k, s.v FROM r FULL JOIN s ON r.k = s.k", "FULL"},
           {"SELECT k FROM r EXCEPT SELECT k FROM s", "EXCEPT"},
           {"SELECT * FROM r ORDER BY ALL LIMIT 3", "LIMIT"}}) {
    const auto plan = Plan(sql);
    ASSERT_TRUE(plan) << sql << ": " << plan.error().message;
    const auto recomputed = std::ranges::find(plan->steps, DeltaWay::kRecompute, &DeltaStep::way);
    ASSERT_NE(recomputed, plan->steps.end()) << sql;
    EXPECT_NE(recomputed->why.find(why), std::string::npos) << recomputed->why;
  }
}

TEST_F(DeltaPlanTest, RefusesWhatMayGiveAnotherResultElsewhere) {
  for (const auto& [sql, named] : std::vector<std::pair<std::string, std::string>>{
           {"SELECT first(v) AS v FROM r", "first"},
           {"SELECT random() AS v FROM r", "random"},
           {"SELECT string_agg(t) AS v FROM r", "string_agg"},
           {"SELECT sin(v) AS v FROM r", "sin"},
           {"SELECT now() AS v FROM r", "now"},
           {"SELECT current_timestamp AS v FROM r", "current_timestamp"},
           {"SELECT * FROM r LIMIT 3", "LIMIT"},
           {"SELECT * FROM r ORDER BY k LIMIT 3", "LIMIT"},
           {"SELECT DISTINCT ON (k) * FROM r", "DISTINCT ON"},
           {"SELECT row_number() OVER (ORDER BY k) AS n FROM r", "row_number"},
           {"SELECT sum(v) OVER (ORDER BY k ROWS UNBOUNDED PRECEDING) AS n FROM r", "ROWS"},
           {"SELECT * FROM r USING SAMPLE 3", "sample"},
           {"SELECT * FROM r POSITIONAL JOIN s", "POSITIONAL"},
           {"SELECT getenv('HOME') AS h FROM r", "getenv"},
           {"SELECT * FROM (SELECT lag(v) OVER (ORDER BY k) AS l FROM r)", "lag"},
           {"SELECT k FROM r WHERE v > (SELECT any_value(v) FROM s)", "any_value"}}) {
    const auto plan = Plan(sql);
    ASSERT_FALSE(plan) << sql;
    EXPECT_EQ(plan.error().code, ErrorCode::kDenied) << sql;
    EXPECT_NE(plan.error().message.find(named), std::string::npos) << plan.error().message;
  }
}

TEST_F(DeltaPlanTest, ReadsNothingButItsInputs) {
  EXPECT_FALSE(Plan("SELECT * FROM \"r new\""));
  EXPECT_FALSE(Plan("SELECT * FROM other"));
  EXPECT_FALSE(Plan("SELECT * FROM read_csv('/etc/passwd')"));
  EXPECT_FALSE(Plan("DELETE FROM r"));
}

}  // namespace
}  // namespace weir::engine
