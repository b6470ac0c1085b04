#include "pipelines/map_leaves.h"

#include <fmt/format.h>

#include <variant>

#include "engine/sql_text.h"
#include "slices/column_type.h"

namespace weir::pipelines {
namespace {

class Mapping {
 public:
  explicit Mapping(const LeafSql& leaf) : leaf_(leaf) {}

  std::optional<std::string> Of(const std::string& sql, const odf::DataType& type) {
    const odf::DataType& inner = slices::Required(type);
    if (const auto* fields = std::get_if<odf::DataTypeStruct>(&inner.value)) {
      return OfStruct(sql, *fields);
    }
    const auto* list = std::get_if<odf::DataTypeList>(&inner.value);
    return list == nullptr ? leaf_(sql, inner) : OfList(sql, *list->item_type);
  }

 private:
  std::optional<std::string> OfStruct(const std::string& sql, const odf::DataTypeStruct& type) {
    std::string fields;
    bool has_changed = false;
    for (const odf::DataField& field : type.fields) {
      const std::string old =
          fmt::format("struct_extract({}, {})", sql, engine::Literal(field.name));
      const auto changed = Of(old, field.type);
      has_changed = has_changed || changed;
      if (!fields.empty()) fields += ", ";
      fields += engine::Literal(field.name) + ": " + changed.value_or(old);
    }
    if (!has_changed) return std::nullopt;
    return fmt::format("CASE WHEN {} IS NOT NULL THEN {{{}}} END", sql, fields);
  }

  std::optional<std::string> OfList(const std::string& sql, const odf::DataType& item) {
    const std::string name = fmt::format("item{}", ++lists_);
    const auto changed = Of(name, item);
    if (!changed) return std::nullopt;
    return fmt::format("list_transform({}, lambda {}: {})", sql, name, *changed);
  }

  const LeafSql& leaf_;
  int lists_ = 0;
};

}  // namespace

std::optional<std::string> MapLeaves(const std::string& sql, const odf::DataType& type,
                                     const LeafSql& leaf) {
  return Mapping(leaf).Of(sql, type);
}

}  // namespace weir::pipelines
