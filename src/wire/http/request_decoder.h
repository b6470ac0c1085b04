#pragma once

#include <variant>

#include "api/problem.h"
#include "api/request.h"
#include "net/http_service.h"
#include "wire/http/http_door_options.h"

namespace weir::http {

/// What came over the wire as a request for handlers: the target taken apart, the body unpacked
/// when it came packed. Or the problem that keeps it from being one.
std::variant<api::Request, api::Problem> Decode(net::HttpRequest& request,
                                                const HttpDoorOptions& options);

}  // namespace weir::http
