#include "catalog/dataset_tables.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "catalog/testing/table_home.h"

namespace weir::catalog {
namespace {

// Rows of op, id and name, as a query.
std::string Rows(const std::vector<std::string>& rows) {
  std::string sql;
  for (const std::string& row : rows) {
    sql += sql.empty() ? "" : " UNION ALL ";
    sql += "SELECT * EXCLUDE (o) FROM (SELECT " + row +
           ", TIMESTAMPTZ '2026-01-01 00:00:00Z') t(o, id, name, event_time), "
           "LATERAL (SELECT o::INTEGER AS op)";
  }
  return "SELECT op, event_time, id::BIGINT AS id, name FROM (" + sql + ")";
}

TEST(DatasetTables, NamesAreFoundHoweverTheyAreSpelled) {
  TableHome home;
  const auto id = home.Create("seattle-weather", Appending());
  home.Add(id, Rows({"0, 1, 'a'"}));
  for (const std::string name : {"seattle_weather", "Seattle_Weather", "\"seattle-weather\"",
                                 "public.seattle_weather", "weir.public.seattle_weather"}) {
    EXPECT_EQ(home.Query("SELECT id, name FROM " + name).value(), "1 a\n") << name;
  }
  EXPECT_EQ(home.Query("SELECT id FROM seattle").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(home.Query("SELECT id FROM seattle_weather$secrets").error().code,
            ErrorCode::kNotFound);
  EXPECT_EQ(home.Query("SELECT id FROM nowhere.seattle_weather").error().code,
            ErrorCode::kNotFound);
}

TEST(DatasetTables, TheSchemaIsTheWorkspace) {
  TableHome home;
  home.Add(home.Create("orders", Appending()), Rows({"0, 1, 'public'"}));
  home.Add(home.Create("orders", Appending(), "team"), Rows({"0, 2, 'team'"}));
  EXPECT_EQ(home.Query("SELECT name FROM orders").value(), "public\n");
  EXPECT_EQ(home.Query("SELECT name FROM team.orders").value(), "team\n");
  EXPECT_EQ(home.Query("SELECT table_schema, table_name FROM information_schema.tables "
                       "WHERE table_catalog = 'weir' ORDER BY 1")
                .value(),
            "public orders\nsystem checks\nteam orders\n");
}

TEST(DatasetTables, AnAppendedRowIsARowOfTheState) {
  TableHome home;
  const auto id = home.Create("orders", Appending());
  home.Add(id, Rows({"0, 1, 'a'", "0, 1, 'a'"}), 1);
  home.Add(id, Rows({"0, 2, 'b'"}), 2);
  EXPECT_EQ(home.Query("SELECT id, name FROM orders ORDER BY ALL").value(), "1 a\n1 a\n2 b\n");
  EXPECT_EQ(home.Query("SELECT column_name FROM (DESCRIBE orders)").value(),
            "event_time\nid\nname\n");
}

TEST(DatasetTables, ARetractionTakesOneOfEqualRowsAway) {
  TableHome home;
  const auto id = home.Create("orders", Ledgered());
  home.Add(id, Rows({"0, 1, 'a'", "0, 1, 'a'", "0, 2, 'b'", "0, 3, NULL"}), 1);
  home.Add(id, Rows({"1, 1, 'a'", "2, 2, 'b'", "3, 2, 'c'", "1, 3, NULL"}), 2);
  EXPECT_EQ(home.Query("SELECT id, name FROM orders ORDER BY ALL").value(), "1 a\n2 c\n");
}

TEST(DatasetTables, TheLastEventOfAKeyDecidesWhereRowsHaveOne) {
  TableHome home;
  const auto id = home.Create("orders", UpsertById());
  home.Add(id, Rows({"0, 1, 'a'", "0, 2, 'b'", "0, 3, 'c'"}), 1);
  home.Add(id, Rows({"2, 1, 'a'", "3, 1, 'z'", "1, 2, 'b'"}), 2);
  home.Add(id, Rows({"0, 2, 'again'"}), 3);
  EXPECT_EQ(home.Query("SELECT id, name FROM orders ORDER BY id").value(), "1 z\n2 again\n3 c\n");
}

TEST(DatasetTables, HistoryHasEveryEventWithTheSystemColumns) {
  TableHome home;
  const auto id = home.Create("orders", UpsertById());
  home.Add(id, Rows({"0, 1, 'a'"}), 1);
  home.Add(id, Rows({"1, 1, 'a'"}), 2);
  EXPECT_EQ(
      home.Query("SELECT \"offset\", op, system_time, id FROM orders$history ORDER BY 1").value(),
      "0 0 2026-01-01 00:00:01.000000Z 1\n1 1 2026-01-01 00:00:02.000000Z 1\n");
}

TEST(DatasetTables, BlocksShowTheChain) {
  TableHome home;
  const auto id = home.Create("orders", Appending());
  home.Add(id, Rows({"0, 1, 'a'", "0, 2, 'b'"}), 1);
  home.Add(id, Rows({"0, 3, 'c'"}), 2);
  EXPECT_EQ(home.Query("SELECT sequence, event, first_offset, last_offset, records, "
                       "watermark::VARCHAR FROM orders$blocks ORDER BY sequence")
                .value(),
            "0 Seed null null null null\n1 AddPushSource null null null null\n"
            "2 SetDataSchema null null null null\n"
            "3 AddData 0 1 2 2026-01-01 00:00:01+00\n"
            "4 AddData 2 2 1 2026-01-01 00:00:02+00\n");
  const auto head = home.chains().Read(home.home().context(), id).value().chain.head;
  EXPECT_EQ(home.Query("SELECT hash FROM orders$blocks WHERE sequence = 4").value(),
            head->ToText() + "\n");
}

TEST(DatasetTables, AtReadsADatasetAsItWas) {
  TableHome home;
  const auto id = home.Create("orders", UpsertById());
  home.Add(id, Rows({"0, 1, 'a'"}), 10);
  home.Add(id, Rows({"2, 1, 'a'", "3, 1, 'z'"}), 20);
  const auto at = [&](const std::string& clause) {
    return home.Query("SELECT name FROM orders AT (" + clause + ")");
  };
  EXPECT_EQ(at("TIMESTAMP => TIMESTAMP '2026-01-01 00:00:19'").value(), "a\n");
  EXPECT_EQ(at("TIMESTAMP => TIMESTAMPTZ '2026-01-01 00:00:20+00'").value(), "z\n");
  EXPECT_EQ(at("VERSION => 3").value(), "a\n");
  const auto block = home.chains().FindBlock(home.home().context(), id, std::uint64_t{3}).value();
  EXPECT_EQ(at("VERSION => '" + block.hash.ToText() + "'").value(), "a\n");
  EXPECT_EQ(home.Query("SELECT count(*) FROM orders$blocks AT (VERSION => 3)").value(), "4\n");
  EXPECT_EQ(home.Query("SELECT count(*) FROM orders$history AT (VERSION => 3)").value(), "1\n");
  EXPECT_EQ(home.Query("SELECT count(*) FROM orders AT (VERSION => 1)").value(), "0\n");
  EXPECT_EQ(at("VERSION => 99").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(at("TIMESTAMP => '1999-01-01'").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(at("VERSION => 'newest'").error().code, ErrorCode::kInvalid);
}

TEST(DatasetTables, APinnedDatasetIsReadAtItsBlockUnderItsAlias) {
  TableHome home;
  const auto id = home.Create("orders", Appending());
  home.Add(id, Rows({"0, 1, 'a'"}), 1);
  const auto first = home.chains().Read(home.home().context(), id).value().chain.head;
  home.Add(id, Rows({"0, 2, 'b'"}), 2);
  EXPECT_EQ(
      home.Query("SELECT count(*) FROM anything", {{.alias = "anything", .id = id, .head = first}})
          .value(),
      "1\n");
  ASSERT_EQ(home.used().size(), 1U);
  EXPECT_EQ(home.used()[0].head, first);
  EXPECT_EQ(home.used()[0].alias, "anything");
}

TEST(DatasetTables, ADatasetWithoutDataHasNoRows) {
  TableHome home;
  home.Create("orders", Appending());
  EXPECT_EQ(home.Query("SELECT * FROM orders").value(), "");
  EXPECT_EQ(home.Query("SELECT count(*), max(\"offset\") FROM orders$history").value(), "0 null\n");
  EXPECT_EQ(home.Query("SHOW TABLES").value(), "orders\n");
}

TEST(DatasetTables, ColumnsThatCameLaterAreNullInRowsFromBefore) {
  TableHome home;
  const auto id = home.Create("orders", Appending());
  home.Add(id, Rows({"0, 1, 'a'"}), 1);
  home.Add(id,
           "SELECT 0 AS op, TIMESTAMPTZ '2026-01-01' AS event_time, 9 AS paid, id, name FROM (" +
               Rows({"0, 2, 'b'"}) + ")",
           2);
  EXPECT_EQ(home.Query("SELECT paid, id, name FROM orders ORDER BY id").value(),
            "null 1 a\n9 2 b\n");
  EXPECT_EQ(home.Query("SELECT id FROM orders WHERE id = 1").value(), "1\n");
  EXPECT_EQ(home.Query("SELECT id FROM orders WHERE paid = 9").value(), "2\n");
  EXPECT_EQ(home.Query("SELECT * EXCLUDE (event_time) FROM orders AT (VERSION => 3)").value(),
            "1 a\n");
}

TEST(DatasetTables, FieldsThatCameLaterInsideAStructAreNullInRowsFromBefore) {
  TableHome home;
  const auto id = home.Create("orders", Appending());
  const std::string times = "SELECT 0::INTEGER AS op, TIMESTAMPTZ '2026-01-01' AS event_time, ";
  home.Add(id, times + "1::BIGINT AS id, {'a': 1} AS s", 1);
  home.Add(id, times + "2::BIGINT AS id, {'a': 2, 'b': 'new'} AS s", 2);
  EXPECT_EQ(home.Query("SELECT id, s.a, s.b FROM orders ORDER BY id").value(),
            "1 1 null\n2 2 new\n");
  EXPECT_EQ(home.Query("SELECT id FROM orders WHERE s.b = 'new'").value(), "2\n");
}

TEST(DatasetTables, AKeptStateGivesTheRowsThatTheHistoryDoes) {
  TableHome home;
  const auto id = home.Create("orders", UpsertById());
  home.Add(id, Rows({"0, 1, 'a'", "0, 2, 'b'", "0, 3, 'c'"}), 1);
  home.Add(id, Rows({"2, 1, 'a'", "3, 1, 'z'", "1, 2, 'b'"}), 2);
  const auto chain = home.chains().Read(home.home().context(), id).value().chain;
  ASSERT_TRUE(home.states()
                  .Refresh(home.home().context(), home.engine(), id,
                           {.head = *chain.head, .sequence_number = chain.sequence_number}, {"id"})
                  .value());
  EXPECT_EQ(home.Query("SELECT id, name FROM orders ORDER BY id").value(), "1 z\n3 c\n");
  home.Add(id, Rows({"0, 2, 'again'"}), 3);
  EXPECT_EQ(home.Query("SELECT id, name FROM orders ORDER BY id").value(), "1 z\n2 again\n3 c\n");
  EXPECT_EQ(home.Query("SELECT id, name FROM orders AT (VERSION => 3) ORDER BY id").value(),
            "1 a\n2 b\n3 c\n");
}

// Goal: no row is served that is not the one that was written, whichever bit changed on the disk.
TEST(DatasetTables, ServeNothingOfADamagedSlice) {
  TableHome home;
  const auto id = home.Create("orders", Appending());
  home.Add(id, Rows({"0, 1, 'a'", "0, 2, 'b'"}));
  const Context context = home.home().context();
  ASSERT_TRUE(home.chains().Publish(context, id).has_value());
  const auto slice = home.chains().Slices(context, id).value().front().slice;
  const std::string path =
      "/home/datasets/" + id.ToMultibase() + "/data/" + slice.physical_hash.ToText();
  for (std::uint64_t bit = 3; bit < slice.size * 8; bit += slice.size * 8 / 20) {
    home.home().files().FlipBit(path, bit);
    EXPECT_EQ(home.Query("SELECT * FROM orders").error().code, ErrorCode::kCorrupt) << bit;
    home.home().files().FlipBit(path, bit);
  }
  EXPECT_EQ(home.Query("SELECT id FROM orders").value(), "1\n2\n");
}

}  // namespace
}  // namespace weir::catalog
