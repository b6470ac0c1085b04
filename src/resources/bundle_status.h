#pragma once

#include "base/result.h"
#include "control/store.h"
#include "resources/kind_registry.h"
#include "resources/resource.h"

namespace weir::resources {

/// A bundle is what its resources are: in error when one is, pending while one is or while a
/// dependency condition does not hold, else active. Each reason is a condition.
Result<ResourceStatus> StatusOfBundle(control::Snapshot& snapshot, const KindRegistry& registry,
                                      const Resource& bundle);

}  // namespace weir::resources
