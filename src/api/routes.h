#pragma once

#include <vector>

#include "api/route.h"

/// The routes of each noun; RouteTable() joins them.
namespace weir::api {

std::vector<Route> ApplyRoutes();
std::vector<Route> BackupRoutes();
std::vector<Route> CompactRoutes();
std::vector<Route> IngestRoutes();
std::vector<Route> DatasetChainRoutes();
std::vector<Route> DatasetTransferRoutes();
std::vector<Route> DerivationRoutes();
std::vector<Route> KindRoutes();
std::vector<Route> LineageRoutes();
std::vector<Route> PackRoutes();
std::vector<Route> PageRoutes();
std::vector<Route> QueryRoutes();
std::vector<Route> RebuildRoutes();
std::vector<Route> ResetRoutes();
std::vector<Route> ResourceRoutes();
std::vector<Route> RevertRoutes();
std::vector<Route> ServerRoutes();
std::vector<Route> TailRoutes();
std::vector<Route> UsageRoutes();

}  // namespace weir::api
