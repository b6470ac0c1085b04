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

std::vector<Route> RouteTable() {
  std::vector<Route> table;
  for (auto* routes : {&ApplyRoutes, &ResourceRoutes, &KindRoutes, &ServerRoutes, &BackupRoutes,
                       &PageRoutes, &DatasetChainRoutes, &DatasetTransferRoutes}) {
    for (Route& route : routes()) {
      if (route.method == Method::kPost) route.parameters.push_back(IdempotencyKey());
      table.push_back(std::move(route));
    }
  }
  return table;
}

}  // namespace weir::api
