#include "api/route_table.h"

#include <iterator>
#include <utility>

#include "api/routes.h"

namespace weir::api {
namespace {

Parameter IdempotencyKey() {
  return {.in = Parameter::In::kHeader,
          .name = "Idempotency-Key",
          .schema = schema::Text({.min = 1, .max = 255, .shape = &kVisible}),
          .description = "Makes the request safe to repeat for 24 hours."};
}

}  // namespace

// Of routes that fit a path the first one answers: /api/datasets/... comes before those of
// workspaces.
std::vector<Route> RouteTable() {
  std::vector<Route> table;
  for (auto* routes :
       {&ApplyRoutes, &ResourceRoutes, &KindRoutes, &ServerRoutes, &BackupRoutes, &QueryRoutes,
        &PageRoutes, &DatasetChainRoutes, &DatasetTransferRoutes, &TailRoutes, &IngestRoutes,
        &RevertRoutes, &RebuildRoutes, &ResetRoutes, &CompactRoutes, &PackRoutes, &UsageRoutes,
        &LineageRoutes, &DerivationRoutes}) {
    for (Route& route : routes()) {
      // A file is not kept to be compared with the next one.
      const bool has_key = route.method == Method::kPost && !(route.body && route.body->is_file());
      if (has_key) route.parameters.push_back(IdempotencyKey());
      table.push_back(std::move(route));
    }
  }
  return table;
}

}  // namespace weir::api
