#include "pipelines/exact_numbers.h"

#include <fmt/format.h>

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

bool IsCast(const odf::DataType& type) { return IsInteger(type) || AsDecimal(type) != nullptr; }

// True for texts that might be no whole number; few are, so the rest of the check is seldom run.
std::string IsSuspect(const std::string& sql) {
  return fmt::format("(contains({0}, '.') OR contains({0}, 'e') OR contains({0}, 'E'))", sql);
}

std::string IsNoInteger(const std::string& sql) {
  return fmt::format("NOT regexp_full_match({}, '\\s*[-+]?\\d+(\\.0*)?([eE]\\+?\\d+)?\\s*')", sql);
}

// With an exponent the two must be the same number; without one, digits beyond the scale are zeros.
std::string IsNoDecimal(const std::string& sql, const std::string& type, int scale) {
  return fmt::format(
      "CASE WHEN contains({0}, 'e') OR contains({0}, 'E') "
      "THEN CAST({0} AS DOUBLE) <> CAST(CAST({0} AS {1}) AS DOUBLE) "
      "ELSE NOT regexp_full_match({0}, '\\s*[-+]?\\d*(\\.\\d{{0,{2}}}0*)?\\s*') END",
      sql, type, scale);
}

std::string Cast(const std::string& sql, const std::string& type, const odf::DataType& leaf) {
  const auto* decimal = AsDecimal(leaf);
  const std::string is_cut =
      decimal == nullptr ? IsNoInteger(sql) : IsNoDecimal(sql, type, decimal->scale);
  // (An error() here would keep the engine from evaluating this under TRY, as bad_cell.cc does.)
  return fmt::format(
      "CAST(CASE WHEN {0} AND {1} THEN 'would be rounded: ' || {2} ELSE {2} END AS {3})",
      IsSuspect(sql), is_cut, sql, type);
}

}  // namespace

std::optional<odf::DataType> WithTextNumbers(const odf::DataType& type) {
  if (IsCast(type)) return odf::DataType{odf::DataTypeString{}};
  odf::DataType changed = type;
  bool has_changed = false;
  const auto change = [&](odf::DataType& part) {
    auto with = WithTextNumbers(part);
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

Result<std::string> ExactNumbers(const std::string& column, const std::string& sql,
                                 const odf::DataType& type) {
  Status failed;
  const auto leaf = [&](const std::string& inner,
                        const odf::DataType& leaf_type) -> std::optional<std::string> {
    if (!IsCast(leaf_type)) return std::nullopt;
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
