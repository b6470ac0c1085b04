#pragma once

#include <optional>

#include "api/call.h"
#include "api/route.h"
#include "api/services.h"
#include "base/result.h"
#include "resources/resource_id.h"
#include "resources/resource_service.h"

namespace weir::api {

/// The parameters of every route under /api/resources/{type}/{name}, and what they name.
std::vector<Parameter> ResourcePathParameters();
/// kNotFound also for a kind that is not here yet: nothing of it can be there.
Result<resources::ResourceId> ResourceIdOf(const Services& services, const Call& call);

/// `error`, or kNotFound with its words when it is kUnimplemented: to somebody who asks for a thing
/// by its path, what this version does not know is not there.
Error NotThere(Error error);

/// The parameters that choose resources of a list or a watch, and the filter they make.
std::vector<Parameter> FilterParameters();
resources::ResourceFilter FilterOf(const Call& call);

}  // namespace weir::api
