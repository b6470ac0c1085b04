#include "engine/checked_select.h"

#include <gtest/gtest.h>

#include "base/testing/matchers.h"

namespace weir::engine {
namespace {

const std::vector<std::string> kTables = {"input", "step one"};

Result<std::string> Check(const std::string& sql) { return CheckSelect(sql, kTables); }

TEST(CheckSelect, LetsQueriesOverTheGivenTablesPass) {
  for (const std::string& sql : std::vector<std::string>{
           "SELECT a, b + 1 AS c FROM input -- a comment\n;",
           "SELECT * FROM INPUT i JOIN \"step one\" s ON i.a = s.a",
           "WITH x AS (SELECT * FROM input) SELECT * FROM x UNION ALL SELECT * FROM input",
           "(WITH x AS (SELECT 1) SELECT * FROM x) UNION (WITH y AS (SELECT 2) SELECT * FROM y)",
           "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 3) FROM r",
           "SELECT a, (SELECT max(b) FROM input) FROM (SELECT * FROM input) WHERE a IN "
           "(SELECT a FROM input)",
           "SELECT unnest(list) FROM input, unnest([1, 2]) u, range(3) r",
           "SELECT row_number() OVER (PARTITION BY a ORDER BY b) FROM input QUALIFY a > 1",
           "VALUES (1, 2)",
       }) {
    EXPECT_TRUE(IsOk(Check(sql))) << sql;
  }
}

TEST(CheckSelect, KnowsNoOtherTable) {
  for (const std::string& sql : std::vector<std::string>{
           "SELECT * FROM history",
           "SELECT * FROM '/etc/passwd'",
           "SELECT * FROM main.input",
           "SELECT * FROM information_schema.tables",
           "SELECT * FROM duckdb_settings",
           "SELECT 1 WHERE EXISTS (SELECT 1 FROM secret)",
           "SELECT * FROM input ORDER BY (SELECT 1 FROM secret)",
           "SELECT * FROM input LIMIT (SELECT a FROM secret)",
           "WITH secret AS (SELECT * FROM secret) SELECT * FROM secret",
           "SELECT * FROM (WITH secret AS (SELECT 1) SELECT * FROM secret), secret",
           "SELECT * FROM input GROUP BY (SELECT 1 FROM secret)",
           "SELECT * FROM input JOIN secret USING (a)",
           "VALUES ((SELECT 1 FROM secret))",
           "SELECT * FROM range((SELECT a FROM secret))",
       }) {
    EXPECT_EQ(CodeOf(Check(sql)), ErrorCode::kNotFound) << sql;
  }
}

TEST(CheckSelect, RefusesWhateverReadsFilesOrChangesThings) {
  for (const std::string& sql : std::vector<std::string>{
           "SELECT * FROM read_csv('/etc/passwd')",
           "SELECT * FROM read_text('/etc/passwd')",
           "SELECT * FROM glob('/etc/*')",
           "SELECT * FROM sqlite_scan('/x', 'y')",
           "SELECT * FROM weir_scan('x')",
           "SELECT * FROM duckdb_settings()",
           "SELECT * FROM query('SELECT 1')",
           "SELECT getenv('HOME')",
           "SELECT current_setting('temp_directory')",
           "ATTACH '/tmp/x.db'",
           "COPY input TO '/tmp/x'",
           "COPY (SELECT 1) TO '/tmp/x'",
           "CREATE TABLE t AS SELECT 1",
           "SELECT 1; SELECT 2",
           "SET threads=1",
           "DESCRIBE input",
           "PIVOT input ON a USING sum(b)",
           "INSERT INTO input VALUES (1)",
           "",
       }) {
    EXPECT_EQ(CodeOf(Check(sql)), ErrorCode::kDenied) << sql;
  }
  EXPECT_EQ(CodeOf(Check("SELEC")), ErrorCode::kInvalid);
}

}  // namespace
}  // namespace weir::engine
