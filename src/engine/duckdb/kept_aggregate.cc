#include "engine/duckdb/kept_aggregate.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <string_view>

namespace weir::engine {
namespace {

bool IsOneOf(std::string_view type, std::initializer_list<std::string_view> types) {
  return std::ranges::find(types, type) != types.end();
}

bool IsFloating(std::string_view type) { return IsOneOf(type, {"DOUBLE", "FLOAT"}); }

bool IsWhole(std::string_view type) {
  return IsOneOf(type, {"TINYINT", "SMALLINT", "INTEGER", "BIGINT"});
}

bool IsAnyWhole(std::string_view type) {
  return IsWhole(type) ||
         IsOneOf(type, {"UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "HUGEINT"});
}

// Types without parts, whose least and greatest are those of min and max.
bool IsPlain(std::string_view type) {
  return IsAnyWhole(type) || IsFloating(type) || type.starts_with("DECIMAL(") ||
         IsOneOf(type, {"BOOLEAN", "VARCHAR", "BLOB", "DATE", "TIME", "TIMESTAMP",
                        "TIMESTAMP WITH TIME ZONE", "UUID"});
}

// How often `counted` is not NULL.
KeptValue Count(const std::string& counted = "{a}") {
  return {.of_all = fmt::format("count({})", counted),
          .of_changes = fmt::format(
              "count({0}) FILTER (WHERE sign > 0) - count({0}) FILTER (WHERE sign < 0)", counted),
          .merged = "coalesce({o}, 0) + {d}"};
}

// Of whole numbers and decimals: as wide as the engine's.
KeptValue Sum(const std::string& type) {
  const std::string sum_type =
      type.starts_with("DECIMAL(") ? "DECIMAL(38" + type.substr(type.find(',')) : "HUGEINT";
  return {.of_all = fmt::format("CAST(coalesce(sum({{a}}), 0) AS {})", sum_type),
          .of_changes = fmt::format("CAST(coalesce(sum({{a}}) FILTER (WHERE sign > 0), 0) - "
                                    "coalesce(sum({{a}}) FILTER (WHERE sign < 0), 0) AS {})",
                                    sum_type),
          .merged = fmt::format("CAST(coalesce({{o}}, 0) + {{d}} AS {})", sum_type)};
}

// Of doubles.
KeptValue Exact(const char* keep, const char* add) {
  return {
      .of_all = fmt::format("{}(CAST({{a}} AS DOUBLE))", keep),
      .of_changes = fmt::format("{}(CAST({{a}} AS DOUBLE), sign)", keep),
      .merged = fmt::format("CASE WHEN {{o}} IS NULL THEN {{d}} ELSE {}({{o}}, {{d}}) END", add)};
}

// That of the rows together with what was is that of all; what goes cannot be taken away.
KeptAggregate OneOfMany(const std::string& aggregate, const std::string& both) {
  const std::string all = fmt::format("{}({{a}})", aggregate);
  return {.values = {{.of_all = all, .of_changes = all, .merged = both}},
          .told = "{0}",
          .can_take_away = false};
}

std::string WhereBoth(const std::string& both) {
  return fmt::format("CASE WHEN {{o}} IS NULL THEN {{d}} WHEN {{d}} IS NULL THEN {{o}} ELSE {} END",
                     both);
}

std::optional<KeptAggregate> SumOf(const std::string& type) {
  if (IsFloating(type)) {
    return KeptAggregate{.values = {Exact("keep_sum", "add_kept_sums")}, .told = "kept_sum({0})"};
  }
  if (!IsAnyWhole(type) && !type.starts_with("DECIMAL(")) return std::nullopt;
  return KeptAggregate{.values = {Count(), Sum(type)}, .told = "CASE WHEN {0} > 0 THEN {1} END"};
}

std::optional<KeptAggregate> AverageOf(const std::string& type) {
  if (IsFloating(type)) {
    return KeptAggregate{.values = {Exact("keep_sum", "add_kept_sums")}, .told = "kept_avg({0})"};
  }
  if (!IsWhole(type)) return std::nullopt;
  return KeptAggregate{.values = {Count(), Sum(type)}, .told = "kept_whole_avg({1}, {0})"};
}

std::optional<KeptAggregate> BitsOf(const std::string& name, const std::string& type) {
  if (!IsAnyWhole(type)) return std::nullopt;
  if (name == "bit_and") return OneOfMany(name, WhereBoth("({o} & {d})"));
  if (name == "bit_or") return OneOfMany(name, WhereBoth("({o} | {d})"));
  // What goes is turned back by coming again.
  return KeptAggregate{.values = {Count(),
                                  {.of_all = "bit_xor({a})",
                                   .of_changes = "bit_xor({a})",
                                   .merged = WhereBoth("xor({o}, {d})")}},
                       .told = "CASE WHEN {0} > 0 THEN {1} END"};
}

}  // namespace

std::optional<KeptAggregate> KeptAggregateOf(const std::string& name, const std::string& type) {
  if (name == "count") return KeptAggregate{.values = {Count()}, .told = "{0}"};
  if (name == "count_if" || name == "countif") {
    return KeptAggregate{.values = {Count(), Count("CASE WHEN {a} THEN 1 END")},
                         .told = "CASE WHEN {0} > 0 THEN {1} END"};
  }
  if (name == "exact_sum") return SumOf(type);
  if (name == "exact_avg") return AverageOf(type);
  if (name.starts_with("exact_")) {
    return KeptAggregate{.values = {Exact("keep_squares", "add_kept_squares")},
                         .told = fmt::format("kept_{}({{0}})", name.substr(6))};
  }
  if (name.starts_with("bit_")) return BitsOf(name, type);
  if (!IsPlain(type)) return std::nullopt;
  if (name == "min" || name == "bool_and") return OneOfMany(name, "least({o}, {d})");
  if (name == "max" || name == "bool_or") return OneOfMany(name, "greatest({o}, {d})");
  return std::nullopt;
}

}  // namespace weir::engine
