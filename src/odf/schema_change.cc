#include "odf/schema_change.h"

#include <string>
#include <utility>

namespace weir::odf {
namespace {

const DataType& Unwrapped(const DataType& type) {
  const auto* option = std::get_if<DataTypeOption>(&type.value);
  return option ? *option->inner : type;
}

bool IsOptionalType(const DataType& type) {
  return std::holds_alternative<DataTypeOption>(type.value);
}

// Defaults of the format: an absent unit is Millisecond, an absent time zone UTC.
bool SameTimestamp(const DataTypeTimestamp& a, const DataTypeTimestamp& b) {
  return a.unit.value_or(TimeUnit::kMillisecond) == b.unit.value_or(TimeUnit::kMillisecond) &&
         a.timezone.value_or("UTC") == b.timezone.value_or("UTC");
}

template <typename T>
bool SameUnit(const T& a, const T& b) {
  return a.unit.value_or(TimeUnit::kMillisecond) == b.unit.value_or(TimeUnit::kMillisecond);
}

class Comparison {
 public:
  explicit Comparison(bool ignore_optionality) : ignore_optionality_(ignore_optionality) {}

  Status Fields(const std::string& path, const std::vector<DataField>& before,
                const std::vector<DataField>& after) const {
    for (const DataField& old_field : before) {
      const DataField* new_field = Find(after, old_field.name);
      if (new_field == nullptr) return Invalid("column {}{} is gone", path, old_field.name);
      RETURN_IF_ERROR(Types(path + old_field.name, old_field.type, new_field->type));
    }
    for (const DataField& new_field : after) {
      if (Find(before, new_field.name) == nullptr && !IsOptionalType(new_field.type)) {
        return Invalid("new column {}{} is not optional", path, new_field.name)
            .WithHint("rows written before have no value for it");
      }
    }
    return Ok();
  }

 private:
  static const DataField* Find(const std::vector<DataField>& fields, std::string_view name) {
    for (const DataField& field : fields) {
      if (field.name == name) return &field;
    }
    return nullptr;
  }

  Status Types(const std::string& path, const DataType& before, const DataType& after) const {
    if (!ignore_optionality_ && IsOptionalType(before) != IsOptionalType(after)) {
      return Invalid("column {} becomes {}", path, IsOptionalType(after) ? "optional" : "required");
    }
    const DataType& a = Unwrapped(before);
    const DataType& b = Unwrapped(after);
    if (a.value.index() == b.value.index()) {
      if (const auto* structure = std::get_if<DataTypeStruct>(&a.value)) {
        return Fields(path + ".", structure->fields, std::get<DataTypeStruct>(b.value).fields);
      }
      if (const auto* list = std::get_if<DataTypeList>(&a.value)) {
        const auto& other = std::get<DataTypeList>(b.value);
        if (list->fixed_length != other.fixed_length) return Changed(path);
        return Types(path + "[]", *list->item_type, *other.item_type);
      }
      if (SameLeaf(a, b)) return Ok();
    }
    return Changed(path);
  }

  static Error Changed(const std::string& path) {
    return Invalid("the type of column {} changes", path);
  }

  static bool SameLeaf(const DataType& a, const DataType& b) {
    if (const auto* timestamp = std::get_if<DataTypeTimestamp>(&a.value)) {
      return SameTimestamp(*timestamp, std::get<DataTypeTimestamp>(b.value));
    }
    if (const auto* time = std::get_if<DataTypeTime>(&a.value)) {
      return SameUnit(*time, std::get<DataTypeTime>(b.value));
    }
    if (const auto* duration = std::get_if<DataTypeDuration>(&a.value)) {
      return SameUnit(*duration, std::get<DataTypeDuration>(b.value));
    }
    return a == b;
  }

  bool ignore_optionality_;
};

}  // namespace

Status CheckSchemaChange(const DataSchema& before, const DataSchema& after, bool from_raw_schema) {
  return Comparison(from_raw_schema).Fields("", before.fields, after.fields);
}

}  // namespace weir::odf
