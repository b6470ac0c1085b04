#include "engine/engine.h"

#include <arrow/api.h>
#include <gtest/gtest.h>

#include <atomic>
#include <duckdb.hpp>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "base/testing/temp_dir.h"

namespace weir::engine {
namespace {

// Tables by name.
class Tables : public NameResolver {
 public:
  void Add(const std::string& name, ResolvedTable table) { tables_[name] = std::move(table); }

  Result<std::optional<ResolvedTable>> Resolve(const TableName& table,
                                               const std::optional<AtClause>& at) override {
    last_at = at;
    const auto found = tables_.find(table.name);
    if (table.schema != "public" || found == tables_.end()) return std::optional<ResolvedTable>();
    return std::optional(found->second);
  }
  Result<bool> HasSchema(const std::string& schema) override { return schema == "public"; }
  Result<std::vector<std::string>> ListSchemas() override {
    return std::vector<std::string>{"public"};
  }
  Result<std::vector<std::string>> ListTables(const std::string&) override {
    std::vector<std::string> names;
    for (const auto& [name, table] : tables_) names.push_back(name);
    return names;
  }

  std::optional<AtClause> last_at;

 private:
  std::map<std::string, ResolvedTable> tables_;
};

// Real Parquet files of rows `first`..`last`, written by a plain DuckDB.
class EngineTest : public testing::Test {
 protected:
  ScanFile MakeFile(std::int64_t first, std::int64_t last) {
    const std::string path = (directory_.path() / std::to_string(first)).string();
    const auto written = writer_.Query(fmt::format(
        "COPY (SELECT i AS id, 'n' || i AS name FROM range({}, {}) r(i)) TO '{}' (FORMAT parquet)",
        first, last + 1, path));
    EXPECT_FALSE(written->HasError()) << written->GetError();
    ScanFile file;
    file.open = [this, path]() -> Result<std::shared_ptr<const ReadableFile>> {
      const std::lock_guard lock(mutex_);
      files_opened_.insert(path);
      ASSIGN_OR_RETURN(auto opened, PosixFiles().Open(path));
      return std::shared_ptr<const ReadableFile>(std::move(opened));
    };
    file.rows = static_cast<std::uint64_t>(last - first + 1);
    file.bounds = {{first, last}, {}};
    return file;
  }

  std::shared_ptr<const ScanSource> MakeSource(int files, std::int64_t rows_per_file) {
    auto source = std::make_shared<ScanSource>();
    source->columns = {{"id", "BIGINT"}, {"name", "VARCHAR"}};
    for (int i = 0; i < files; ++i) {
      source->files.push_back(MakeFile(i * rows_per_file, (i + 1) * rows_per_file - 1));
    }
    return source;
  }

  // The rows as text, one per line.
  Result<std::string> Run(const std::string& sql, const Context& context = Context::Background()) {
    ASSIGN_OR_RETURN(const auto rows, engine_->Run(context, {.sql = sql, .resolver = &tables_}));
    std::string text;
    for (;;) {
      ASSIGN_OR_RETURN(const auto batch, rows->Next());
      if (!batch) return text;
      for (std::int64_t row = 0; row < batch->num_rows(); ++row) {
        for (const auto& column : batch->columns()) {
          text += column->GetScalar(row).ValueOrDie()->ToString() + " ";
        }
        text.back() = '\n';
      }
    }
  }

  TempDir directory_;
  duckdb::DuckDB writing_database_;
  duckdb::Connection writer_{writing_database_};
  std::mutex mutex_;
  std::set<std::string> files_opened_;
  Tables tables_;
  std::unique_ptr<Engine> engine_ =
      OpenDuckDbEngine({.spill_directory = directory_.path() / "spill"}).value();
};

TEST_F(EngineTest, ReadsATableThroughTheViewItsNameResolvesTo) {
  tables_.Add("orders",
              {"SELECT id, '***' AS name FROM scan(0) WHERE id % 2 = 0", {MakeSource(2, 3)}});
  EXPECT_EQ(Run("SELECT * FROM orders ORDER BY id").value(), "0 ***\n2 ***\n4 ***\n");
  EXPECT_EQ(Run("SELECT count(*) FROM weir.public.orders").value(), "3\n");
  EXPECT_EQ(Run("WITH o AS (SELECT * FROM orders) SELECT max(id) FROM o").value(), "4\n");
}

TEST_F(EngineTest, OpensOnlyFilesWhoseBoundsAllowTheFilter) {
  tables_.Add("orders", {"SELECT * FROM scan(0)", {MakeSource(50, 10)}});
  EXPECT_EQ(Run("SELECT name FROM orders WHERE id = 123").value(), "n123\n");
  EXPECT_EQ(files_opened_.size(), 1U);
  EXPECT_EQ(Run("SELECT count(*) FROM orders WHERE id >= 480").value(), "20\n");
  EXPECT_EQ(files_opened_.size(), 3U);
  EXPECT_EQ(Run("SELECT count(*) FROM orders WHERE id IN (5, 495)").value(), "2\n");
  EXPECT_EQ(Run("SELECT count(*) FROM orders WHERE id > 1000").value(), "0\n");
}

TEST_F(EngineTest, OpensNoFileToPlan) {
  tables_.Add("orders", {"SELECT * FROM scan(0)", {MakeSource(5, 10)}});
  ASSERT_TRUE(Run("EXPLAIN SELECT sum(id) FROM orders"));
  ASSERT_TRUE(Run("DESCRIBE orders"));
  EXPECT_EQ(files_opened_.size(), 0U);
}

TEST_F(EngineTest, ListsWhatTheResolverLists) {
  tables_.Add("orders", {"SELECT * FROM scan(0)", {MakeSource(1, 1)}});
  EXPECT_EQ(Run("SHOW TABLES").value(), "orders\n");
  EXPECT_EQ(Run("SELECT table_name FROM information_schema.tables").value(), "orders\n");
}

TEST_F(EngineTest, PassesTimeTravelToTheResolver) {
  tables_.Add("orders", {"SELECT * FROM scan(0)", {MakeSource(1, 2)}});
  ASSERT_TRUE(Run("SELECT * FROM orders AT (VERSION => 7)"));
  ASSERT_TRUE(tables_.last_at);
  EXPECT_EQ(tables_.last_at->unit, "version");
  EXPECT_EQ(tables_.last_at->value, "7");
}

TEST_F(EngineTest, GivesTheTimeOfTimeTravelInRfc3339) {
  tables_.Add("orders", {"SELECT * FROM scan(0)", {MakeSource(1, 2)}});
  ASSERT_TRUE(Run("SELECT * FROM orders AT (TIMESTAMP => TIMESTAMP '2026-01-02 03:04:05.5')"));
  EXPECT_EQ(tables_.last_at->value, "2026-01-02T03:04:05.500Z");
  ASSERT_TRUE(Run("SELECT * FROM orders AT (TIMESTAMP => '2026-01-02 03:00:00+02')"));
  EXPECT_EQ(tables_.last_at->value, "2026-01-02T01:00:00Z");
  EXPECT_FALSE(Run("SELECT * FROM orders AT (TIMESTAMP => 'yesterday')"));
}

TEST_F(EngineTest, ReadsNullsWhereAFileLacksAColumn) {
  auto source = std::make_shared<ScanSource>(*MakeSource(2, 3));
  source->columns.insert(source->columns.begin(), {"added", "STRUCT(a INTEGER)"});
  source->files[0].bounds = {{}, {std::int64_t{0}, std::int64_t{2}}};
  source->files[1].bounds = {{}, {std::int64_t{3}, std::int64_t{5}}};
  tables_.Add("orders", {"SELECT * FROM scan(0)", {source}});
  EXPECT_EQ(Run("SELECT * FROM orders WHERE id = 4").value(), "null 4 n4\n");
  EXPECT_EQ(Run("SELECT count(*) FROM orders WHERE added IS NULL").value(), "6\n");
  EXPECT_EQ(Run("SELECT count(*) FROM orders WHERE added.a = 1").value(), "0\n");
}

TEST_F(EngineTest, AnUnknownNameIsNotFound) {
  const auto missing = Run("SELECT * FROM nothing");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
}

TEST_F(EngineTest, SaysWhereAStatementIsWrong) {
  tables_.Add("orders", {"SELECT * FROM scan(0)", {MakeSource(1, 2)}});
  EXPECT_EQ(Run("SELECT 1\nFRM x").error().message,
            "syntax error at or near \"x\" (line 2, column 5)");
  EXPECT_EQ(Run("SELECT id,\n  nme FROM orders").error().message,
            "Referenced column \"nme\" not found in FROM clause!\nCandidate bindings: \"name\" "
            "(line 2, column 3)");
  EXPECT_EQ(Run("SELECT * FROM nothing").error().message,
            "Table with name nothing does not exist! (line 1, column 15)");
}

// Goal: nothing but what the resolver answered can be read or changed. Method: the ways out that
// DuckDB has, each of which must fail and leave no file behind.
TEST_F(EngineTest, HasNoOtherWayIn) {
  tables_.Add("orders", {"SELECT * FROM scan(0)", {MakeSource(1, 2)}});
  const std::string file = (directory_.path() / "0").string();
  const std::string out = (directory_.path() / "out").string();
  for (const std::string& sql : std::vector<std::string>{
           "SELECT * FROM read_parquet('" + file + "')",
           "SELECT * FROM '" + file + "'",
           "SELECT * FROM read_text('/etc/hostname')",
           "SELECT * FROM glob('/etc/*')",
           "SELECT * FROM weir_scan('" + file + "')",
           "SELECT * FROM read_parquet('weir://x/0')",
           "ATTACH '/tmp/x.db'",
           "COPY (SELECT 1) TO '" + out + "'",
           "INSTALL httpfs",
           "LOAD httpfs",
           "SET enable_external_access=true",
           "CREATE TABLE t AS SELECT 1",
           "CREATE TEMP TABLE t AS SELECT 1",
           "DELETE FROM orders",
           "INSERT INTO orders VALUES (1, 'a')",
           "DROP VIEW orders",
           "PREPARE p AS SELECT 1",
           "SELECT 1; SELECT 2",
           "PRAGMA threads=4",
           "",
       }) {
    EXPECT_FALSE(Run(sql)) << sql;
  }
  EXPECT_FALSE(std::filesystem::exists(out));
}

TEST_F(EngineTest, TellsTimeInUtcWhereverTheMachineIs) {
  EXPECT_EQ(
      Run("SELECT current_setting('TimeZone'), DATE '2020-01-01'::TIMESTAMPTZ::VARCHAR").value(),
      "UTC 2020-01-01 00:00:00+00\n");
}

// Of what is tried, each of these writes at the row's place in its batch.
TEST_F(EngineTest, TryWritesNothingBesideItsRow) {
  const std::string texts =
      "SELECT CASE WHEN i % 1000 = 999 THEN 'x' ELSE '1' END AS v FROM range(20000) r(i)";
  const std::string number = "v::HUGEINT";
  const std::vector<std::string> all = {
      "coalesce(if(v = '', 0, NULL), " + number + ")",
      "CASE v WHEN '' THEN 0 ELSE " + number + " END",
      "ifnull(if(v = '', 0, NULL), " + number + ")",
      "try(coalesce(NULL, " + number + "))",
      number,
  };
  for (const std::string& tried : all) {
    const std::string counted = "count(tried), sum(tried)::BIGINT";
    EXPECT_EQ(
        Run("SELECT " + counted + " FROM (SELECT try(" + tried + ") AS tried FROM (" + texts + "))")
            .value(),
        "19980 19980\n")
        << tried;
    EXPECT_EQ(Run("SELECT " + counted + " FROM (SELECT unnest(list_transform(l, lambda v: try(" +
                  tried + "))) AS tried FROM (SELECT list(v) AS l FROM (" + texts + ")))")
                  .value(),
              "19980 19980\n")
        << tried;
    EXPECT_EQ(Run("SELECT count(*) FROM (" + texts + ") WHERE try(" + tried + ") IS NULL").value(),
              "20\n")
        << tried;
  }
}

TEST_F(EngineTest, StopsWhenTheDeadlineIsOver) {
  const Context late = Context::Background().WithTimeout(std::chrono::milliseconds(50));
  const auto result =
      Run("SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range % 7 = b.range % 5",
          late);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kDeadline);
}

TEST_F(EngineTest, RunsStatementsSideBySide) {
  tables_.Add("orders", {"SELECT * FROM scan(0)", {MakeSource(4, 1000)}});
  std::vector<std::jthread> threads;
  std::atomic<int> right = 0;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      const auto answer = Run("SELECT sum(id) FROM orders");
      if (answer && *answer == "7998000\n") ++right;
    });
  }
  threads.clear();
  EXPECT_EQ(right, 8);
}

}  // namespace
}  // namespace weir::engine
