#pragma once

#include <gtest/gtest.h>

#include <vector>

#include "api/response.h"
#include "api/route.h"

namespace weir::api {

/// Whether `response` is one that the table says `method` on `path` (a template) may give: its
/// status, its content type, its required headers and, where it is JSON, its shape. Unknown keys
/// count as undocumented.
testing::AssertionResult IsDocumented(const std::vector<Route>& routes, Method method,
                                      const std::string& path, const Response& response);

}  // namespace weir::api
