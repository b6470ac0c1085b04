#pragma once

#include "api/call.h"
#include "api/route.h"
#include "api/services.h"

namespace weir::api {

Outcome PostIngest(const Services& services, const Call& call);

}  // namespace weir::api
