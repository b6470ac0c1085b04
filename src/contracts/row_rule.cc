#include "contracts/row_rule.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <vector>

#include "engine/sql_text.h"

namespace weir::contracts {
namespace {

namespace json = boost::json;

std::string Literal(const json::value& value) {
  if (value.is_string()) return engine::Literal(std::string_view(value.get_string()));
  return json::serialize(value);
}

// A text column is compared with texts, whatever the manifest's values look like.
std::string Literal(const json::value& value, const ColumnAtHand& column) {
  if (column.type == "VARCHAR" && !value.is_string())
    return engine::Literal(json::serialize(value));
  return Literal(value);
}

std::string Words(const json::value& value) {
  return value.is_string() ? std::string(std::string_view(value.get_string()))
                           : json::serialize(value);
}

class Fails {
 public:
  Fails(const Check& check, std::span<const ColumnAtHand> columns)
      : check_(check), columns_(columns) {}

  Result<std::string> operator()(const NotNull& rule) const {
    std::vector<std::string> parts;
    for (const std::string& name : rule.columns) {
      ASSIGN_OR_RETURN(const ColumnAtHand column, Find(name));
      parts.push_back(column.sql + " IS NULL");
    }
    return fmt::format("({})", fmt::join(parts, " OR "));
  }

  Result<std::string> operator()(const AcceptedValues& rule) const {
    ASSIGN_OR_RETURN(const ColumnAtHand column, Find(rule.column));
    std::vector<std::string> values;
    for (const json::value& value : rule.values) values.push_back(Literal(value, column));
    return fmt::format("({} NOT IN ({}))", column.sql, fmt::join(values, ", "));
  }

  Result<std::string> operator()(const Range& rule) const {
    ASSIGN_OR_RETURN(const ColumnAtHand column, Find(rule.column));
    std::vector<std::string> parts;
    if (rule.min) parts.push_back(fmt::format("{} < {}", column.sql, Literal(*rule.min, column)));
    if (rule.max) parts.push_back(fmt::format("{} > {}", column.sql, Literal(*rule.max, column)));
    // NaN is above every number to the engine, so only a range without an upper end lets it by.
    const bool may_be_nan = column.type == "DOUBLE" || column.type == "FLOAT";
    if (may_be_nan && !rule.max) parts.push_back(fmt::format("isnan({})", column.sql));
    return fmt::format("({})", fmt::join(parts, " OR "));
  }

  Result<std::string> operator()(const Matches& rule) const {
    ASSIGN_OR_RETURN(const ColumnAtHand column, Find(rule.column));
    const std::string text =
        column.type == "VARCHAR" ? column.sql : fmt::format("CAST({} AS VARCHAR)", column.sql);
    return fmt::format("(NOT regexp_full_match({}, {}))", text, engine::Literal(rule.pattern));
  }

  template <typename Other>
  Result<std::string> operator()(const Other&) const {
    return Internal("check {} does not judge single rows", check_.name);
  }

 private:
  Result<ColumnAtHand> Find(const std::string& name) const {
    return FindColumn(check_, name, columns_);
  }

  const Check& check_;
  std::span<const ColumnAtHand> columns_;
};

std::string BoundsInWords(const Range& range) {
  if (!range.max) return "below " + Words(*range.min);
  if (!range.min) return "above " + Words(*range.max);
  return fmt::format("outside {} to {}", Words(*range.min), Words(*range.max));
}

struct WrongOf {
  std::string operator()(const NotNull& rule) const {
    return rule.columns.size() == 1
               ? rule.columns[0] + " is null"
               : fmt::format("one of {} is null", fmt::join(rule.columns, ", "));
  }
  std::string operator()(const Unique& rule) const {
    return fmt::format("{} is there more than once", fmt::join(rule.columns, ", "));
  }
  std::string operator()(const AcceptedValues& rule) const {
    return rule.column + " is none of the accepted values";
  }
  std::string operator()(const Range& rule) const {
    return fmt::format("{} is {}", rule.column, BoundsInWords(rule));
  }
  std::string operator()(const Matches& rule) const {
    return fmt::format("{} does not match {}", rule.column, rule.pattern);
  }
  std::string operator()(const References& rule) const {
    return fmt::format("{} is no {} of {}", rule.column, rule.key, rule.dataset);
  }
  std::string operator()(const RowCount&) const { return "the number of rows is out of bounds"; }
  std::string operator()(const Freshness&) const { return "the newest event is too old"; }
  std::string operator()(const NoRows&) const { return "the query returns rows"; }
};

}  // namespace

Result<ColumnAtHand> FindColumn(const Check& check, const std::string& name,
                                std::span<const ColumnAtHand> columns) {
  const auto found = std::ranges::find(columns, name, &ColumnAtHand::name);
  if (found != columns.end()) return *found;
  std::vector<std::string> names;
  for (const ColumnAtHand& column : columns) names.push_back(column.name);
  return Invalid("check {} names a column {}, which the rows do not have", check.name, name)
      .WithHint(fmt::format("they have {}", fmt::join(names, ", ")));
}

Result<std::string> FailsSql(const Check& check, std::span<const ColumnAtHand> columns) {
  return std::visit(Fails(check, columns), check.rule);
}

Result<std::string> FailedMaskSql(const Contract& contract, const std::string& op,
                                  std::span<const ColumnAtHand> columns) {
  std::vector<std::string> any;
  std::vector<std::string> bits;
  for (std::size_t i = 0; i < contract.size(); ++i) {
    if (!JudgesRows(contract[i].rule)) continue;
    ASSIGN_OR_RETURN(const std::string fails, FailsSql(contract[i], columns));
    any.push_back(fails);
    bits.push_back(
        fmt::format("CASE WHEN {} THEN {}::BIGINT ELSE 0 END", fails, std::uint64_t{1} << i));
  }
  if (any.empty()) return std::string();
  // The bits are worked out only for rows that fail something.
  return fmt::format("CASE WHEN {} IN (0, 3) AND ({}) THEN {} ELSE 0::BIGINT END", op,
                     fmt::join(any, " OR "), fmt::join(bits, " + "));
}

std::string Wrong(const Check& check) { return std::visit(WrongOf(), check.rule); }

}  // namespace weir::contracts
