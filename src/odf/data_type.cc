#include "odf/data_type.h"

// Types hold each other, so their comparisons can only be written once all of them are complete.

namespace weir::odf {

bool DataTypeList::operator==(const DataTypeList& other) const {
  return item_type == other.item_type && fixed_length == other.fixed_length;
}

bool DataTypeMap::operator==(const DataTypeMap& other) const {
  return key_type == other.key_type && value_type == other.value_type &&
         keys_sorted == other.keys_sorted;
}

bool DataTypeOption::operator==(const DataTypeOption& other) const { return inner == other.inner; }

bool DataTypeStruct::operator==(const DataTypeStruct& other) const {
  return fields == other.fields;
}

bool DataType::operator==(const DataType& other) const { return value == other.value; }

bool DataField::operator==(const DataField& other) const {
  return name == other.name && type == other.type && extra == other.extra;
}

}  // namespace weir::odf
