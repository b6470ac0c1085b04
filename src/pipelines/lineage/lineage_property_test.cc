#include <arrow/api.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <array>
#include <random>
#include <string>
#include <vector>

#include "engine/column_lineage.h"
#include "engine/delta_plan.h"
#include "engine/sql_text.h"
#include "pipelines/derive/testing/random_query.h"

namespace weir::pipelines {
namespace {

using engine::Identifier;

constexpr auto kTables = std::to_array<const char*>({"a", "b", "c"});
constexpr auto kColumns = std::to_array<const char*>({"k", "g", "v"});
constexpr int kRows = 6;

// What no query of RandomQuery looks like, around two that are.
constexpr auto kShapes = std::to_array<const char*>(
    {"SELECT x.k, x.g, (SELECT max(y.v) FROM ({1}) y WHERE y.k = x.k) AS v FROM ({0}) x",
     "SELECT x.k, x.g, (SELECT count(*)::DOUBLE FROM ({1}) y WHERE y.v > 1) AS v FROM ({0}) x",
     "SELECT x.k, y.g, x.v FROM ({0}) x FULL JOIN ({1}) y ON x.k = y.k",
     "SELECT x.k, y.g, x.v FROM ({0}) x RIGHT JOIN ({1}) y ON x.k > y.k",
     "SELECT x.k, x.g, CASE WHEN x.k > 2 THEN x.v ELSE 0 END AS v FROM ({0}) x "
     "WHERE EXISTS (SELECT 1 FROM ({1}) y WHERE y.k = x.k AND y.g = 'x')",
     "SELECT x.k, x.g, x.v FROM ({0}) x WHERE x.k NOT IN (SELECT y.k FROM ({1}) y)",
     "SELECT x.k, x.g, z.v FROM ({0}) x, LATERAL (SELECT y.v + x.k AS v FROM ({1}) y "
     "WHERE y.k < x.k) z",
     "WITH t AS MATERIALIZED ({0}), u AS (SELECT k, max(v) AS v FROM t GROUP BY k) "
     "SELECT t.k, t.g, u.v FROM t JOIN u ON t.k = u.k",
     "SELECT k, g, sum(v) OVER (PARTITION BY k) AS v FROM ({0}) x",
     "SELECT k, max(g) AS g, sum(v) AS v FROM ({0}) x GROUP BY GROUPING SETS ((k), ())",
     "SELECT x.k, x.g, u.v FROM ({0}) x, unnest([x.v, x.k]) u(v)",
     "SELECT k, g, v FROM ({0}) x ORDER BY ALL LIMIT 3",
     "SELECT k, g, v FROM ({0}) x WHERE v >= (SELECT avg(v) FROM ({1}) y)",
     "SELECT k, g, v FROM (VALUES (1, 'x', 0.5::DOUBLE)) x(k, g, v) UNION ALL SELECT k, g, v "
     "FROM ({0}) y"});

std::string AnyQuery(std::uint32_t seed) {
  std::mt19937 random(seed);
  RandomQuery queries(seed);
  if (random() % 2 == 0) return queries.Make();
  const std::string first = queries.Make();
  const std::string second = queries.Make();
  return fmt::format(fmt::runtime(kShapes[random() % kShapes.size()]), first, second);
}

class World {
 public:
  explicit World(std::uint32_t seed) : random_(seed) {
    for (const char* table : kTables) {
      for (const char* column : kColumns) Change(table, column);
    }
  }

  // Few values, so that rows meet; all of them doubles that add up exactly.
  void Change(const std::string& table, const std::string& column) {
    std::vector<std::string>& values = values_[table + "." + column];
    values.clear();
    constexpr auto kTexts = std::to_array<const char*>({"'x'", "'y'", "'z'", "NULL"});
    for (int row = 0; row < kRows; ++row) {
      if (column == "g") {
        values.emplace_back(kTexts[random_() % kTexts.size()]);
      } else if (random_() % 8 == 0) {
        values.emplace_back("NULL");
      } else {
        values.push_back(fmt::format("{}", column == "k" ? random_() % 5 : random_() % 9));
      }
    }
  }

  void Put(engine::Workbench& bench) const {
    RC_ASSERT(bool(bench.Clear()));
    for (const char* table : kTables) {
      std::vector<std::string> rows;
      for (int row = 0; row < kRows; ++row) {
        const auto at = [&](const char* column) {
          return values_.at(std::string(table) + "." + column)[static_cast<std::size_t>(row)];
        };
        rows.push_back(fmt::format("({}, {}, {})", at("k"), at("g"), at("v")));
      }
      const std::string name = Identifier(engine::NameOf(table, engine::Version::kNew));
      for (const std::string& sql :
           {fmt::format("CREATE TABLE {} (k INTEGER, g VARCHAR, v DOUBLE)", name),
            fmt::format("INSERT INTO {} VALUES {}", name, fmt::join(rows, ", "))}) {
        RC_ASSERT(bool(bench.Execute(Context::Background(), sql)));
      }
    }
  }

 private:
  std::mt19937 random_;
  std::map<std::string, std::vector<std::string>> values_;
};

engine::QueryLineage LineageOf(engine::Workbench& bench, const std::string& sql) {
  RC_ASSERT(bool(bench.Clear()));
  std::vector<engine::LineageInput> inputs;
  for (const char* table : kTables) {
    inputs.push_back({table, {{"k", "INTEGER"}, {"g", "VARCHAR"}, {"v", "DOUBLE"}}});
  }
  const std::vector<engine::TransformStep> steps = {{.sql = sql}};
  auto lineage = engine::LineageOfTransform(Context::Background(), bench, steps, inputs);
  if (!lineage) RC_FAIL(sql + ": " + lineage.error().message);
  return *std::move(lineage);
}

// The values of each column of the result, in an order of their own.
std::map<std::string, std::string> ResultOf(engine::Workbench& bench, const World& world,
                                            const std::string& sql) {
  world.Put(bench);
  std::vector<engine::DeltaInput> inputs;
  for (const char* table : kTables) inputs.push_back({.name = table});
  const std::vector<engine::TransformStep> steps = {{.sql = sql}};
  const auto plan = engine::PlanDelta(Context::Background(), bench, steps, inputs);
  if (!plan) RC_FAIL(sql + ": " + plan.error().message);
  const std::string last = engine::NameOf(plan->steps.back().name, engine::Version::kNew);
  std::map<std::string, std::string> result;
  for (const char* column : kColumns) {
    const auto rows = bench.Query(
        Context::Background(),
        fmt::format("SELECT coalesce(CAST({} AS VARCHAR), 'null') AS text FROM {} ORDER BY text",
                    column, Identifier(last)));
    if (!rows) RC_FAIL(sql + ": " + rows.error().message);
    std::string& text = result[column];
    for (;;) {
      const auto batch = (*rows)->Next();
      if (!batch) RC_FAIL(sql + ": " + batch.error().message);
      if (!*batch) break;
      const auto& texts = static_cast<const arrow::StringArray&>(*(*batch)->column(0));
      for (std::int64_t i = 0; i < texts.length(); ++i) {
        text += texts.GetString(i) + "\n";
      }
    }
  }
  return result;
}

bool Names(const std::vector<engine::LineageSource>& sources, const std::string& table,
           const std::string& column) {
  return std::ranges::any_of(sources, [&](const engine::LineageSource& source) {
    return source.table == table && source.column == column;
  });
}

// Goal: lineage leaves nothing out. Method: any query over any rows; change one column of one
// table, and look at the columns of the result that are said not to come from it.
TEST(ColumnLineage, WhatIsNotNamedNeverChangesTheResult) {
  const auto bench = engine::OpenDuckDbWorkbench({.threads = 1}).value();
  EXPECT_TRUE(rc::check([&](std::uint32_t seed) {
    const std::string sql = AnyQuery(seed);
    World world(seed);
    const engine::QueryLineage lineage = LineageOf(*bench, sql);
    const auto before = ResultOf(*bench, world, sql);
    for (const char* table : kTables) {
      for (const char* column : kColumns) {
        World changed = world;
        changed.Change(table, column);
        std::map<std::string, std::string> after;
        for (const engine::ColumnLineage& of : lineage.columns) {
          if (Names(lineage.rows, table, column) || Names(of.sources, table, column)) continue;
          if (after.empty()) after = ResultOf(*bench, changed, sql);
          if (after.at(of.name) == before.at(of.name)) continue;
          RC_FAIL(fmt::format("{}\n{}.{} changes {}", sql, table, column, of.name));
        }
      }
    }
  }));
}

}  // namespace
}  // namespace weir::pipelines
