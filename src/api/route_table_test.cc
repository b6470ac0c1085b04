#include "api/route_table.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "api/testing/api_harness.h"
#include "resources/core_kinds.h"

namespace weir::api {
namespace {

// The first segment after /api/ of every route that is of no workspace.
std::set<std::string> FixedBeginnings() {
  constexpr std::string_view kApi = "/api/";
  std::set<std::string> beginnings;
  for (const Route& route : RouteTable()) {
    if (!route.path.starts_with(kApi) || route.path[kApi.size()] == '{') continue;
    const std::string rest = route.path.substr(kApi.size());
    beginnings.insert(rest.substr(0, rest.find('/')));
  }
  return beginnings;
}

// Otherwise /api/datasets/... would hide the datasets of a workspace called `datasets`.
TEST(RouteTable, NoWorkspaceIsCalledAsARouteBegins) {
  const auto reserved = resources::ReservedWorkspaceNames();
  EXPECT_EQ(FixedBeginnings(), std::set<std::string>(reserved.begin(), reserved.end()));
}

TEST(RouteTable, AWorkspaceWithTheNameOfARouteIsRefused) {
  ApiHarness api;
  const Told refused = api.Apply("name: datasets\nversion: v1\ntype: workspace\n");
  EXPECT_EQ(refused.status, 400);
  EXPECT_NE(refused.text.find("no workspace can be called datasets"), std::string::npos);
  EXPECT_EQ(api.Apply("name: datasets-of-ann\nversion: v1\ntype: workspace\n").status, 200);
}

}  // namespace
}  // namespace weir::api
