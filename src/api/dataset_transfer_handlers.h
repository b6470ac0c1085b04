#pragma once

#include "api/call.h"
#include "api/route.h"
#include "api/services.h"

/// What the routes of dataset_transfer_routes.cc do.
namespace weir::api {

Outcome PostRepositoryPull(const Services& services, const Call& call);
Outcome PostRepositoryPush(const Services& services, const Call& call);
Outcome PostTrust(const Services& services, const Call& call);
Outcome PostGarbageCollection(const Services& services, const Call& call);

}  // namespace weir::api
