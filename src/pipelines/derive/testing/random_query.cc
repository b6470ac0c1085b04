#include "pipelines/derive/testing/random_query.h"

#include <fmt/format.h>

#include <array>

namespace weir::pipelines {

std::string RandomQuery::Make() {
  if (Roll(8) != 0) return Query(3);
  // A CTE that is read twice.
  return fmt::format(
      "WITH t AS ({}) SELECT x.k, x.g, y.v FROM t x JOIN t y ON x.k = y.k WHERE x.v IS NOT NULL",
      Query(1));
}

std::string RandomQuery::Query(int depth) {
  switch (depth <= 0 ? 0 : Roll(10)) {
    case 0:
    case 1:
      return fmt::format("SELECT k, g, v FROM {} x{}", Source(depth - 1), Where("x"));
    case 2:
    case 3:
    case 4:
      return Join(depth - 1);
    case 5:
    case 6:
      return Grouped(depth - 1);
    case 7:
      return SetOperation(depth - 1);
    case 8:
      return fmt::format("SELECT DISTINCT k % 3 AS k, g, v FROM {} x{}", Source(depth - 1),
                         Where("x"));
    default:
      break;
  }
  if (Roll(3) == 0) {
    return fmt::format(
        "SELECT CAST(rank() OVER (PARTITION BY g ORDER BY v) AS INTEGER) AS k, g, v FROM {} x",
        Source(depth - 1));
  }
  if (Roll(3) == 0) {
    return fmt::format("SELECT k, g, v FROM {} x WHERE k IN (SELECT k FROM {} y)",
                       Source(depth - 1), Source(depth - 1));
  }
  return fmt::format("SELECT k, g, unnest([v, v + 1]) AS v FROM {} x", Source(depth - 1));
}

std::string RandomQuery::Source(int depth) {
  if (depth > 0 && Roll(2) == 0) return fmt::format("({})", Query(depth));
  switch (Roll(3)) {
    case 0:
      return "a";
    case 1:
      return "b";
    default:
      return "c";
  }
}

std::string RandomQuery::Where(const std::string& of) {
  switch (Roll(5)) {
    case 0:
      return fmt::format(" WHERE {}.v > {}", of, Roll(3));
    case 1:
      return fmt::format(" WHERE {}.k <> {}", of, Roll(5));
    case 2:
      return fmt::format(" WHERE {}.g IS NOT NULL", of);
    default:
      return "";
  }
}

std::string RandomQuery::Join(int depth) {
  const std::string left = Source(depth);
  const std::string right = Source(depth);
  switch (Roll(6)) {
    case 0:
      return fmt::format("SELECT x.k, y.g, x.v + y.v AS v FROM {} x JOIN {} y ON x.k = y.k{}", left,
                         right, Where("y"));
    case 1:
      return fmt::format("SELECT x.k, y.g, x.v FROM {} x, {} y WHERE x.k = y.k AND x.v < y.v", left,
                         right);
    case 2:
      return fmt::format(
          "SELECT x.k, coalesce(y.g, 'none') AS g, y.v FROM {} x LEFT JOIN {} y ON x.k = y.k AND "
          "y.v > 0{}",
          left, right, Where("x"));
    case 3:
      return fmt::format("SELECT k, g, v FROM {} x SEMI JOIN {} y ON x.k = y.k{}", left, right,
                         Where("x"));
    case 4:
      return fmt::format("SELECT k, g, v FROM {} x ANTI JOIN {} y USING (k)", left, right);
    default:
      return fmt::format(
          "SELECT x.k, z.g, y.v FROM {} x LEFT JOIN {} y ON x.k = y.k JOIN {} z ON z.k = x.k", left,
          right, Source(0));
  }
}

std::string RandomQuery::Grouped(int depth) {
  constexpr auto kValues = std::to_array<const char*>(
      {"sum(v)", "avg(v)", "min(v)", "max(v)", "stddev(v)", "var_pop(v)",
       "CAST(count(DISTINCT v) AS DOUBLE)", "CAST(bool_and(v > 0) AS DOUBLE)",
       "CAST(count(v) AS DOUBLE)", "sum(DISTINCT v)", "sum(v) FILTER (WHERE k > 1)"});
  const char* value = kValues[Roll(kValues.size())];
  const std::string source = Source(depth);
  switch (Roll(4)) {
    case 0:
      return fmt::format("SELECT k, max(g) AS g, {} AS v FROM {} x{} GROUP BY k", value, source,
                         Where("x"));
    case 1:
      return fmt::format(
          "SELECT CAST(count(*) AS INTEGER) AS k, g, {} AS v FROM {} x GROUP BY ALL HAVING "
          "count(*) > 1",
          value, source);
    case 2:
      return fmt::format("SELECT k // 2 AS k, g, {} AS v FROM {} x{} GROUP BY 1, g", value, source,
                         Where("x"));
    default:
      return fmt::format("SELECT CAST(count(*) AS INTEGER) AS k, min(g) AS g, {} AS v FROM {} x",
                         value, source);
  }
}

std::string RandomQuery::SetOperation(int depth) {
  constexpr auto kOperations =
      std::to_array<const char*>({"UNION ALL", "UNION ALL", "UNION", "EXCEPT", "INTERSECT"});
  return fmt::format("SELECT k, g, v FROM {} x {} SELECT k, g, v FROM {} y", Source(depth),
                     kOperations[Roll(kOperations.size())], Source(depth));
}

}  // namespace weir::pipelines
