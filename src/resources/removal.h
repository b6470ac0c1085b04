#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "control/store.h"
#include "resources/apply_request.h"
#include "resources/delete_request.h"
#include "resources/kind_registry.h"
#include "resources/resource_id.h"

namespace weir::resources {

/// Which resources are to go, and who says so.
struct Removal {
  std::vector<ResourceId> ids;
  DeleteRequest::Dependents dependents = DeleteRequest::Dependents::kRefuse;
  bool of_owner = false;  ///< they belong to something that gave them up; else that is refused
  std::string principal = {};
  Timestamp now = {};
  std::optional<std::int64_t> expected_version = {};
};

/// Deletes the resources, what belongs to them, and (if asked) what needs them, in an order in
/// which nothing needs what is gone. Each leaves its last version and its deletion in the history.
/// Runs in a transaction, so what it finds stays true.
Result<std::vector<Change>> Remove(control::Transaction& transaction, const KindRegistry& registry,
                                   const Removal& removal);

}  // namespace weir::resources
