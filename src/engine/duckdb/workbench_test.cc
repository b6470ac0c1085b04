#include "engine/workbench.h"

#include <arrow/api.h>
#include <gtest/gtest.h>

#include <duckdb.hpp>

#include "base/testing/matchers.h"
#include "base/testing/temp_dir.h"

namespace weir::engine {
namespace {

class WorkbenchTest : public testing::Test {
 protected:
  Result<std::string> Rows(const std::string& sql) {
    ASSIGN_OR_RETURN(const auto rows, bench_->Query(Context::Background(), sql));
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

  std::shared_ptr<const ReadableFile> Open(const std::string& name) {
    return std::shared_ptr<const ReadableFile>(PosixFiles().Open(directory_ / name).value());
  }

  TempDir directory_;
  std::unique_ptr<Workbench> bench_ =
      OpenDuckDbWorkbench({.spill_directory = directory_.path() / "spill"}).value();
};

TEST_F(WorkbenchTest, ReadsTheFilesItWasGiven) {
  ASSERT_TRUE(PosixFiles().WriteDurably(directory_ / "a", AsBytes("a,b\n1,x\n2,y\n")));
  const std::string path = bench_->AddFile(Open("a")).value();
  EXPECT_EQ(Rows("SELECT * FROM read_csv('" + path + "', header=true)").value(), "1 x\n2 y\n");
  const auto columns = bench_->Describe("SELECT * FROM read_csv('" + path + "')").value();
  ASSERT_EQ(columns.size(), 2U);
  EXPECT_EQ(columns[0].type, "BIGINT");
}

TEST_F(WorkbenchTest, KeepsTablesAndRelationsUntilItIsCleared) {
  ASSERT_TRUE(PosixFiles().CreateDirectories(directory_.path()));
  duckdb::DuckDB other;
  duckdb::Connection writer(other);
  const std::string file = (directory_ / "p").string();
  ASSERT_FALSE(
      writer.Query("COPY (SELECT 7 AS id) TO '" + file + "' (FORMAT parquet)")->HasError());
  auto source = std::make_shared<ScanSource>();
  source->columns = {{"id", "INTEGER"}};
  source->files.push_back(
      {.open = [this]() -> Result<std::shared_ptr<const ReadableFile>> { return Open("p"); },
       .rows = 1});
  ASSERT_TRUE(IsOk(bench_->AddRelation("a \"name\"", source)));
  ASSERT_TRUE(IsOk(bench_->Execute(
      Context::Background(), "CREATE TABLE t AS SELECT id + 1 AS x FROM \"a \"\"name\"\"\"")));
  EXPECT_EQ(Rows("SELECT x FROM t").value(), "8\n");
  ASSERT_TRUE(IsOk(bench_->Clear()));
  EXPECT_EQ(CodeOf(Rows("SELECT x FROM t")), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(Rows("SELECT * FROM \"a \"\"name\"\"\"")), ErrorCode::kNotFound);
  EXPECT_TRUE(IsOk(bench_->Execute(Context::Background(), "CREATE TABLE t AS SELECT 1")));
}

TEST_F(WorkbenchTest, SeveralQueriesAreOpenSideBySide) {
  const auto one = bench_->Query(Context::Background(), "SELECT * FROM range(1000000)").value();
  ASSERT_TRUE(one->Next().value());
  EXPECT_EQ(Rows("SELECT 1").value(), "1\n");
  ASSERT_TRUE(one->Next().value());
}

TEST_F(WorkbenchTest, ReachesNothingElse) {
  for (const std::string& sql : std::vector<std::string>{
           "SELECT * FROM read_csv('/etc/passwd')", "SELECT * FROM '/etc/passwd'",
           "SELECT * FROM read_text('/etc/hostname')", "SELECT * FROM glob('/etc/*')",
           "SELECT * FROM sqlite_scan('/x', 'y')", "SELECT getenv('HOME')",
           "SELECT * FROM read_csv('weir://x/0')"}) {
    EXPECT_FALSE(Rows(sql)) << sql;
  }
  for (const std::string& sql :
       std::vector<std::string>{"ATTACH '/tmp/x.db'", "COPY (SELECT 1) TO '/tmp/x.csv'",
                                "INSTALL httpfs", "SET enable_external_access=true"}) {
    EXPECT_FALSE(bench_->Execute(Context::Background(), sql)) << sql;
  }
}

TEST_F(WorkbenchTest, StopsWhenTheDeadlineIsOver) {
  const Context late = Context::Background().WithTimeout(std::chrono::milliseconds(50));
  EXPECT_EQ(CodeOf(bench_->Execute(
                late,
                "CREATE TABLE t AS SELECT count(*) FROM range(1000000) a, range(1000000) b "
                "WHERE a.range % 7 = b.range % 5")),
            ErrorCode::kDeadline);
}

TEST(Workbench, AStepDropsWhatTheLastOneMade) {
  const auto bench = OpenDuckDbWorkbench({}).value();
  ASSERT_TRUE(bench->Execute(Context::Background(), "CREATE TABLE kept AS SELECT 1 AS x"));
  ASSERT_TRUE(bench->BeginStep());
  ASSERT_TRUE(bench->Execute(Context::Background(), "CREATE TABLE made AS SELECT * FROM kept"));
  ASSERT_TRUE(bench->BeginStep());
  EXPECT_FALSE(bench->Execute(Context::Background(), "DROP TABLE made"));
  EXPECT_TRUE(bench->Execute(Context::Background(), "CREATE TABLE made AS SELECT * FROM kept"));
  ASSERT_TRUE(bench->Clear());
  EXPECT_FALSE(bench->Execute(Context::Background(), "CREATE TABLE again AS SELECT * FROM kept"));
}

}  // namespace
}  // namespace weir::engine
