#include "pipelines/exact_casts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <variant>

#include "pipelines/map_leaves.h"
#include "slices/column_type.h"

namespace weir::pipelines {
namespace {

bool IsInteger(const odf::DataType& type) {
  return std::visit(
      [](const auto& one) {
        const std::string_view kind = one.kKind;
        return kind.starts_with("Int") || kind.starts_with("UInt");
      },
      type.value);
}

const odf::DataTypeDecimal* AsDecimal(const odf::DataType& type) {
  return std::get_if<odf::DataTypeDecimal>(&type.value);
}

const odf::DataTypeTimestamp* AsTimestamp(const odf::DataType& type) {
  return std::get_if<odf::DataTypeTimestamp>(&type.value);
}

bool IsNaive(const odf::DataTypeTimestamp& type) { return type.timezone == ""; }

bool IsCast(const odf::DataType& type, TextLeaves leaves) {
  if (AsTimestamp(type) != nullptr) return leaves == TextLeaves::kNumbersAndTimes;
  return IsInteger(type) || AsDecimal(type) != nullptr;
}

// `sql` as `type`, but for what `is_cut` says. (An error() here would keep the engine from
// evaluating this under TRY, as bad_cell.cc does.)
std::string CastUnless(const std::string& is_cut, const std::string& sql, const std::string& type) {
  return fmt::format("CAST(CASE WHEN {0} THEN 'would be cut: ' || {1} ELSE {1} END AS {2})", is_cut,
                     sql, type);
}

std::string Plain(const std::string& type, const std::string& sql) {
  std::string name = type;
  std::ranges::transform(name, name.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return fmt::format("plain_{}({})", name, sql);
}

std::string ToInteger(const std::string& sql, const std::string& type) {
  const std::string is_cut = fmt::format(
      "NOT regexp_full_match({0}, '\\s*[-+]?\\d+(\\.0*)?([eE]\\+?\\d+)?\\s*') AND "
      "regexp_matches({0}, '[.eE]')",
      sql);
  return fmt::format("coalesce({}, {})", Plain(type, sql), CastUnless(is_cut, sql, type));
}

// With an exponent the two must be the same number; without one, digits beyond the scale are zeros.
std::string ToDecimal(const std::string& sql, const std::string& type, int scale) {
  const std::string is_cut = fmt::format(
      "(contains({0}, '.') OR contains({0}, 'e') OR contains({0}, 'E')) AND "
      "CASE WHEN contains({0}, 'e') OR contains({0}, 'E') "
      "THEN CAST({0} AS DOUBLE) <> CAST(CAST({0} AS {1}) AS DOUBLE) "
      "ELSE NOT regexp_full_match({0}, '\\s*[-+]?\\d*(\\.\\d{{0,{2}}}0*)?\\s*') END",
      sql, type, scale);
  return CastUnless(is_cut, sql, type);
}

// Texts that are cut are longer than 2026-01-31 23:59:59.123456.
std::string IsFinerThanMicroseconds(const std::string& sql) {
  return fmt::format("strlen({0}) > 26 AND regexp_matches({0}, '\\.\\d{{6}}\\d*[1-9]')", sql);
}

// A naive time may be said to be UTC, and has no other offset to lose.
std::string ToNaiveTime(const std::string& sql, const std::string& type) {
  const std::string is_cut =
      fmt::format("({}) OR regexp_matches({}, ':\\d\\d(\\.\\d*)?\\s*[-+]\\d')",
                  IsFinerThanMicroseconds(sql), sql);
  return fmt::format("coalesce(plain_timestamp({}), {})", sql, CastUnless(is_cut, sql, type));
}

std::string ToInstant(const std::string& sql, const std::string& type, bool is_cut_anyway) {
  const std::string general = fmt::format("CAST({} AS {})", sql, type);
  if (is_cut_anyway) return fmt::format("coalesce(plain_timestamptz({}), {})", sql, general);
  const std::string finer = IsFinerThanMicroseconds(sql);
  return fmt::format("CASE WHEN {} THEN {} ELSE coalesce(plain_timestamptz({}), {}) END", finer,
                     CastUnless("true", sql, type), sql, general);
}

std::string Cast(const std::string& sql, const std::string& type, const odf::DataType& leaf) {
  if (const auto* decimal = AsDecimal(leaf)) return ToDecimal(sql, type, decimal->scale);
  const auto* time = AsTimestamp(leaf);
  if (time == nullptr) return ToInteger(sql, type);
  if (IsNaive(*time)) return ToNaiveTime(sql, type);
  return ToInstant(sql, type,
                   time->unit.value_or(odf::TimeUnit::kMillisecond) == odf::TimeUnit::kMillisecond);
}

}  // namespace

std::optional<odf::DataType> WithTexts(const odf::DataType& type, TextLeaves leaves) {
  if (IsCast(type, leaves)) return odf::DataType{odf::DataTypeString{}};
  odf::DataType changed = type;
  bool has_changed = false;
  const auto change = [&](odf::DataType& part) {
    auto with = WithTexts(part, leaves);
    has_changed = has_changed || with;
    if (with) part = *std::move(with);
  };
  if (auto* option = std::get_if<odf::DataTypeOption>(&changed.value)) change(*option->inner);
  if (auto* list = std::get_if<odf::DataTypeList>(&changed.value)) change(*list->item_type);
  if (auto* fields = std::get_if<odf::DataTypeStruct>(&changed.value)) {
    for (odf::DataField& field : fields->fields) change(field.type);
  }
  if (!has_changed) return std::nullopt;
  return changed;
}

Result<std::string> ExactCasts(const std::string& column, const std::string& sql,
                               const odf::DataType& type, TextLeaves leaves) {
  Status failed;
  const auto leaf = [&](const std::string& inner,
                        const odf::DataType& leaf_type) -> std::optional<std::string> {
    if (!IsCast(leaf_type, leaves)) return std::nullopt;
    const auto name = slices::SqlOf(column, leaf_type);
    if (!name) {
      failed = name.error();
      return std::nullopt;
    }
    return Cast(inner, *name, leaf_type);
  };
  const auto mapped = MapLeaves(sql, type, leaf);
  RETURN_IF_ERROR(failed);
  return mapped.value_or(sql);
}

}  // namespace weir::pipelines
