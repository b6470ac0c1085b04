#pragma once

#include "api/call.h"
#include "api/route.h"

/// What the routes of resource_routes.cc do.
namespace weir::api {

Outcome ListResources(const Services& services, const Call& call);
Outcome GetResource(const Services& services, const Call& call);
Outcome DeleteResource(const Services& services, const Call& call);
Outcome GetHistory(const Services& services, const Call& call);
Outcome PostRollback(const Services& services, const Call& call);
Outcome PostRename(const Services& services, const Call& call);
Outcome PostUndelete(const Services& services, const Call& call);
Outcome PostAction(const Services& services, const Call& call);

}  // namespace weir::api
