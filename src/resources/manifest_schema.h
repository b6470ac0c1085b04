#pragma once

#include <boost/json/object.hpp>

#include "base/result.h"
#include "resources/kind.h"
#include "resources/schema.h"

namespace weir::resources {

/// The schema of a kind's whole manifest: the header, and the kind's own schema under the key that
/// is named after the type.
Result<Schema> ManifestSchema(const KindInfo& kind);

}  // namespace weir::resources
