#pragma once

#include "base/result.h"
#include "control/store.h"
#include "resources/kind_registry.h"
#include "resources/resource.h"
#include "resources/spec_secrets.h"

namespace weir::resources {

/// Fills in what the kind holds elsewhere.
Status RenderStored(control::Snapshot& snapshot, const KindRegistry& registry, Resource& stored);

/// Makes a stored version fit to be shown: whole, secrets hidden, keys in the order of the schema.
Status MakeFitToShow(control::Snapshot& snapshot, const KindRegistry& registry,
                     const SpecSecrets& secrets, Resource& stored);

/// A current version as it is shown, with its status as of `snapshot`.
Result<Resource> Present(control::Snapshot& snapshot, const KindRegistry& registry,
                         const SpecSecrets& secrets, Resource stored);

/// The current version as it is stored; kNotFound, with a hint when it was deleted.
Result<Resource> ReadHead(control::Snapshot& snapshot, const ResourceId& id);

}  // namespace weir::resources
