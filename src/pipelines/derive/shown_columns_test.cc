#include "pipelines/derive/shown_columns.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/matchers.h"
#include "pipelines/derive/testing/derive_home.h"

namespace weir::pipelines {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

constexpr const char* kAppend = R"({"read": {"kind": "NdJson", "ddlSchema":
    ["event_time TIMESTAMP", "k INT", "g STRING"]}, "merge": {"kind": "Append"}})";
constexpr const char* kSnapshot = R"({"read": {"kind": "NdJson", "ddlSchema":
    ["event_time TIMESTAMP", "k INT", "g STRING"]}, "merge": {"kind": "Snapshot", "primaryKey": ["k"]}})";

constexpr const char* kFirst = R"({"event_time": "2020-01-01T00:00:01Z", "k": 1, "g": "x"})";
constexpr const char* kWider =
    R"({"event_time": "2020-01-01T00:00:02Z", "k": 2, "g": "y", "note": "new"})";

class ShownColumns : public ::testing::Test {
 protected:
  void Add(std::string_view source) {
    home_.AddRoot(1, source);
    ASSERT_TRUE(IsOk(home_.Push(1, kFirst)));
  }
  void Derive(const std::string& sql, const std::string& engine = "duckdb") {
    home_.AddDerivative(3, {{"r", 1}}, sql, engine);
  }
  void Update() { ASSERT_TRUE(IsOk(home_.Update(3))); }
  void Evolve() { ASSERT_TRUE(IsOk(home_.Evolve(1, kWider))); }
  std::string ColumnsOf(std::uint8_t number) {
    std::string names;
    const auto schema = home_.Record(number).chain.schema;
    for (const odf::DataField& field : schema.value().fields) {
      names += (names.empty() ? "" : " ") + field.name;
    }
    return names;
  }
  void ExpectVerified() { EXPECT_TRUE(IsOk(home_.Verify(3))); }

  DeriveHome home_;
};

TEST_F(ShownColumns, AStarStaysAsItWas) {
  for (const char* sql :
       {"SELECT * FROM r", "SELECT r.* FROM r", "SELECT COLUMNS(*) FROM r",
        "SELECT * EXCLUDE (k) FROM r", "SELECT DISTINCT * FROM r",
        "WITH t AS (SELECT * FROM r) SELECT * FROM t", "FROM r",
        "SELECT * FROM r UNION ALL SELECT * FROM r", "SELECT * FROM r WHERE k IN (SELECT k FROM r)",
        "SELECT * EXCLUDE (\"offset\", op, system_time) FROM r$events"}) {
    SCOPED_TRACE(sql);
    DeriveHome home;
    home.AddRoot(1, kAppend);
    ASSERT_TRUE(IsOk(home.Push(1, kFirst)));
    home.AddDerivative(3, {{"r", 1}}, sql);
    ASSERT_TRUE(IsOk(home.Update(3)));
    const auto schema = home.Record(3).chain.schema;
    ASSERT_TRUE(IsOk(home.Evolve(1, kWider)));
    ASSERT_TRUE(IsOk(home.Update(3)));
    ASSERT_TRUE(IsOk(home.Push(1, kWider)));
    ASSERT_TRUE(IsOk(home.Update(3)));
    EXPECT_EQ(home.Record(3).chain.schema, schema);
    EXPECT_TRUE(IsOk(home.Verify(3)));
    EXPECT_TRUE(IsOk(home.Explain(3)));
  }
}

TEST_F(ShownColumns, AColumnIsThereOnceTheTransformIsSetAgain) {
  Add(kAppend);
  Derive("SELECT * FROM r");
  Update();
  Evolve();
  Update();
  EXPECT_THAT(home_.Rows(3), EndsWith(" 2 y\n"));
  Derive("SELECT * FROM r -- with notes");
  Update();
  EXPECT_THAT(ColumnsOf(3), EndsWith("k g note"));
  EXPECT_EQ(home_.Rows(3),
            "0 2020-01-01 00:00:01.000000Z 1 x null\n"
            "0 2020-01-01 00:00:02.000000Z 2 y null\n"
            "0 2020-01-01 00:00:02.000000Z 2 y new\n"
            "1 2020-01-01 00:00:02.000000Z 2 y null\n");
  ASSERT_TRUE(IsOk(home_.Push(
      1, R"({"event_time": "2020-01-01T00:00:03Z", "k": 3, "g": "z", "note": "more"})")));
  Update();
  EXPECT_THAT(home_.Rows(3), EndsWith(" 3 z more\n"));
  ExpectVerified();
  EXPECT_EQ(home_.Replay(3)->steps, 4U);
}

TEST_F(ShownColumns, AColumnThatNobodyChangedComesWithoutCorrections) {
  Add(kSnapshot);
  Derive("SELECT * FROM r");
  Update();
  ASSERT_TRUE(IsOk(home_.Evolve(1, fmt::format("{}\n{}\n", kFirst, kWider))));
  Update();
  Derive("SELECT * FROM r -- again");
  Update();
  EXPECT_THAT(ColumnsOf(3), EndsWith("k g note"));
  EXPECT_THAT(home_.Rows(3), HasSubstr("2 2020-01-01 00:00:02.000000Z 2 y null\n"));
  EXPECT_THAT(home_.Rows(3), EndsWith("3 2020-01-01 00:00:02.000000Z 2 y new\n"));
  EXPECT_THAT(home_.Rows(3), testing::Not(HasSubstr("2 2020-01-01 00:00:01.000000Z 1 x")));
  ExpectVerified();
}

TEST_F(ShownColumns, BatchesAreTheSameInThis) {
  Add(kAppend);
  const std::string sql = "SELECT * EXCLUDE (\"offset\", op, system_time) FROM r";
  Derive(sql, "datafusion");
  Update();
  Evolve();
  Update();
  EXPECT_THAT(ColumnsOf(3), EndsWith("k g"));
  Derive(sql + " WHERE k > 0", "datafusion");
  ASSERT_TRUE(IsOk(home_.Push(
      1, R"({"event_time": "2020-01-01T00:00:03Z", "k": 3, "g": "z", "note": "more"})")));
  Update();
  EXPECT_EQ(home_.Rows(3),
            "0 2020-01-01 00:00:01.000000Z 1 x null\n"
            "0 2020-01-01 00:00:02.000000Z 2 y null\n"
            "0 2020-01-01 00:00:03.000000Z 3 z more\n");
  ExpectVerified();
}

TEST_F(ShownColumns, ANewTransformMayNameANewColumnAndMustKeepTheOld) {
  Add(kAppend);
  Derive("SELECT k, g FROM r");
  Update();
  Evolve();
  Derive("SELECT k, g, note FROM r");
  Update();
  EXPECT_THAT(ColumnsOf(3), EndsWith("k g note"));
  Derive("SELECT k, note FROM r");
  const auto refused = home_.Update(3);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("lacks the column g"));
}

// Goal: what a step sees is a function of the chains. Method: slices are lost after the transform
// was set again, and computed again from the chains.
TEST_F(ShownColumns, LostSlicesComeBackAsTheyWere) {
  Add(kAppend);
  Derive("SELECT * FROM r");
  Update();
  Evolve();
  Update();
  Derive("SELECT * FROM r -- with notes");
  Update();
  home_.Publish();
  const auto objects = home_.Objects(3);
  for (const auto& [name, content] : objects) {
    if (name.starts_with("data/")) home_.Remove(3, name);
  }
  home_.Reopen();
  ASSERT_TRUE(IsOk(home_.Rebuild({3})));
  EXPECT_EQ(home_.Objects(3), objects);
}

// A derivative of a derivative sees the columns of that when it was set.
TEST_F(ShownColumns, DerivativesOfDerivativesWaitToo) {
  Add(kAppend);
  Derive("SELECT * FROM r");
  Update();
  home_.AddDerivative(4, {{"t", 3}}, "SELECT * FROM t");
  ASSERT_TRUE(IsOk(home_.Update(4)));
  Evolve();
  Derive("SELECT * FROM r -- with notes");
  Update();
  ASSERT_TRUE(IsOk(home_.Update(4)));
  EXPECT_THAT(ColumnsOf(4), EndsWith("k g"));
  EXPECT_TRUE(IsOk(home_.Verify(4)));
}

TEST_F(ShownColumns, ABadRowIsNamedBesideHiddenColumns) {
  Add(kAppend);
  Derive("SELECT *, CAST(CASE g WHEN 'bad' THEN 'no' ELSE '1' END AS INT) AS n FROM r");
  Update();
  Evolve();
  Update();
  ASSERT_TRUE(IsOk(home_.Push(1, R"({"event_time": "2020-01-01T00:00:03Z", "k": 3, "g": "bad"})")));
  const auto refused = home_.Update(3);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("row 3 of input r"));
}

}  // namespace
}  // namespace weir::pipelines
