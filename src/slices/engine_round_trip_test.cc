#include <gtest/gtest.h>

#include <atomic>

#include "base/testing/matchers.h"
#include "slices/check_slice.h"
#include "slices/scan_file.h"
#include "slices/slice_writer.h"
#include "slices/testing/slice_testing.h"

// Rows of the embedded engine become slices, and slices become rows of it.

namespace weir::slices {
namespace {

// One table.
class OneTable final : public engine::NameResolver {
 public:
  explicit OneTable(std::shared_ptr<const engine::ScanSource> source)
      : source_(std::move(source)) {}
  Result<std::optional<engine::ResolvedTable>> Resolve(
      const engine::TableName& table, const std::optional<engine::AtClause>&) override {
    if (table.name != "t") return std::optional<engine::ResolvedTable>();
    return std::optional(engine::ResolvedTable{.sql = "SELECT * FROM scan(0)", .scans = {source_}});
  }
  Result<bool> HasSchema(const std::string&) override { return true; }
  Result<std::vector<std::string>> ListSchemas() override {
    return std::vector<std::string>{"public"};
  }
  Result<std::vector<std::string>> ListTables(const std::string&) override {
    return std::vector<std::string>{"t"};
  }

 private:
  std::shared_ptr<const engine::ScanSource> source_;
};

TEST(EngineRoundTrip, GivesBackTheRowsAndOpensOnlySlicesThatMayMatch) {
  const auto engine = engine::OpenDuckDbEngine({.memory_bytes = 256 << 20}).value();
  const auto context = Context::Background();
  auto source = std::make_shared<engine::ScanSource>();
  source->columns = {{"offset", "BIGINT"},
                     {"op", "INTEGER"},
                     {"system_time", "TIMESTAMP WITH TIME ZONE"},
                     {"event_time", "TIMESTAMP WITH TIME ZONE"},
                     {"id", "BIGINT"},
                     {"name", "VARCHAR"},
                     {"parts", "INTEGER[]"},
                     {"place", "STRUCT(x DOUBLE, y VARCHAR)"}};
  std::atomic<bool> opened_first = false;
  std::atomic<bool> opened_second = false;
  for (const std::int64_t first : {0, 25'000}) {
    const auto rows = engine->Run(
        context,
        {.sql = fmt::format(
             "SELECT 0::INTEGER AS op, to_timestamp(i) AS event_time, i AS id, 'n' || i AS "
             "name, CASE WHEN i % 3 > 0 THEN [i::INTEGER, NULL] END AS parts, CASE WHEN i % "
             "4 > 0 THEN {{'x': i::DOUBLE, 'y': NULL::VARCHAR}} END AS place FROM range({}, "
             "{}) r(i) ORDER BY i",
             first, first + 25'000)});
    ASSERT_TRUE(IsOk(rows));
    TestSink sink;
    const auto written =
        WriteSlice(context, **rows,
                   {.start_offset = static_cast<std::uint64_t>(first), .required = {"id"}}, sink);
    ASSERT_TRUE(IsOk(written));
    const auto file = FileOf(sink.content);
    ASSERT_TRUE(IsOk(CheckSlice(context, {.file = file, .slice = (*written)->slice})));
    const std::vector<std::optional<std::size_t>> columns = {0, 1, 2, 3, 4, 5, 6, 7};
    auto& opened = first == 0 ? opened_first : opened_second;
    source->files.push_back(
        ScanFileOf((*written)->slice, (*written)->facts, columns, [file, &opened]() {
          opened = true;
          return Result<std::shared_ptr<const ReadableFile>>(file);
        }));
  }
  OneTable tables(source);
  const auto answer = engine->Run(
      context, {.sql = "SELECT count(*)::BIGINT, sum(id)::BIGINT, sum(\"offset\")::BIGINT, "
                       "sum(epoch(event_time))::BIGINT, count(parts), sum(place.x)::BIGINT FROM t "
                       "WHERE id >= 25000",
                .resolver = &tables});
  ASSERT_TRUE(IsOk(answer));
  const auto row = Drain(**answer).value();
  const std::int64_t sum = (25'000LL + 49'999) * 25'000 / 2;
  const auto value = [&](int column) {
    return static_cast<const arrow::Int64Array&>(*row->column(column)->chunk(0)).Value(0);
  };
  EXPECT_EQ(value(0), 25'000);
  EXPECT_EQ(value(1), sum);
  EXPECT_EQ(value(2), sum);
  EXPECT_EQ(value(3), sum);
  EXPECT_EQ(value(4), 16'667);
  EXPECT_EQ(value(5), sum - (25'000LL + 49'996) * 6'250 / 2);
  EXPECT_FALSE(opened_first);
  EXPECT_TRUE(opened_second);
}

}  // namespace
}  // namespace weir::slices
