#include "datasets/state_rule.h"

#include <gtest/gtest.h>

namespace weir::datasets {
namespace {

odf::AddPushSource Source(odf::MergeStrategy merge, odf::ReadStepCsv read = {}) {
  return {.source_name = "s", .read = {.value = std::move(read)}, .merge = std::move(merge)};
}

const odf::MergeStrategy kSnapshot = {.value = odf::MergeStrategySnapshot{.primary_key = {"a"}}};
const odf::MergeStrategy kUpsert = {.value = odf::MergeStrategyUpsertStream{.primary_key = {"a"}}};
const odf::MergeStrategy kOther = {.value = odf::MergeStrategyUpsertStream{.primary_key = {"b"}}};
const odf::MergeStrategy kAppend = {.value = odf::MergeStrategyAppend{}};

TEST(StateRule, SourcesThatShareAKeyMakeTheStateByKey) {
  odf::ChainState chain;
  chain.push_sources["one"] = Source(kSnapshot);
  chain.push_sources["two"] = Source(kUpsert);
  EXPECT_EQ(StateRuleOf(chain).key, std::vector<std::string>{"a"});
}

TEST(StateRule, SourcesThatDifferMakeItAMultiset) {
  odf::ChainState chain;
  EXPECT_EQ(StateRuleOf(chain), StateRule{});
  chain.push_sources["one"] = Source(kSnapshot);
  chain.push_sources["two"] = Source(kOther);
  EXPECT_EQ(StateRuleOf(chain), StateRule{});
  chain.push_sources["two"] = Source(kAppend);
  EXPECT_EQ(StateRuleOf(chain), StateRule{});
}

TEST(OwnEventTime, IsThereWhereASourceMayReadTheColumn) {
  odf::ChainState chain;
  EXPECT_TRUE(HasOwnEventTime(chain)) << "nobody says where its rows come from";
  chain.push_sources["one"] = Source(kAppend, {.ddl_schema = {{"id BIGINT"}}});
  EXPECT_FALSE(HasOwnEventTime(chain));
  chain.push_sources["one"] = Source(kAppend, {.ddl_schema = {{"Event_Time TIMESTAMP"}}});
  EXPECT_TRUE(HasOwnEventTime(chain));
  chain.push_sources["one"] = Source(kAppend, {.ddl_schema = {{"id BIGINT"}}});
  chain.push_sources["one"].preprocess = odf::Transform{
      .value = odf::TransformSql{.query = "SELECT now() AS event_time, * FROM input"}};
  EXPECT_TRUE(HasOwnEventTime(chain));
  chain.push_sources["one"].preprocess =
      odf::Transform{.value = odf::TransformSql{.query = "SELECT my_event_time FROM input"}};
  EXPECT_FALSE(HasOwnEventTime(chain));
  chain.vocab.event_time_column = "day";
  EXPECT_TRUE(HasOwnEventTime(chain));
}

}  // namespace
}  // namespace weir::datasets
