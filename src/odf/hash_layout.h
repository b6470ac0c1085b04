#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace arrow {
class Schema;
}

namespace weir::odf {

/// What the logical hash takes from a schema: for the record the names and depths of all fields,
/// for each leaf column (structs opened) the bytes that stand for its type.
struct HashLayout {
  std::string record;
  std::vector<std::string> columns;
};

/// kInvalid, naming the column's path, for a type without a logical hash.
Result<HashLayout> HashLayoutOf(const arrow::Schema& schema);

}  // namespace weir::odf
