#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "resources/resource_id.h"

namespace weir::resources {

struct DeleteRequest {
  enum class Dependents {
    kRefuse,     ///< kConflict when something that stays needs one of them
    kDeleteToo,  ///< what needs them goes with them
  };

  std::vector<ResourceId> ids = {};
  Dependents dependents = Dependents::kRefuse;
  bool dry_run = false;
  std::optional<std::int64_t> expected_version = {};  ///< of the one id: If-Match
};

}  // namespace weir::resources
