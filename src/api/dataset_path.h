#pragma once

#include <string>
#include <vector>

#include "api/call.h"
#include "api/route.h"
#include "api/services.h"
#include "base/result.h"
#include "datasets/directory.h"

namespace weir::api {

/// The parameters of every route under /api/datasets/{name}, and those of one beside them.
std::vector<Parameter> DatasetPathParameters(std::vector<Parameter> more = {});

/// The dataset they name. kNotFound when there is none.
Result<datasets::DatasetEntry> DatasetOf(const Services& services, const Call& call);

/// That of routes under /api/{workspace}.
Parameter WorkspaceParameter(std::string description);

/// The parameters of every route under /api/{workspace}/{dataset}, and those of one beside them.
std::vector<Parameter> WorkspaceDatasetParameters(std::vector<Parameter> more = {});

/// The dataset that {workspace} and {dataset} name. kNotFound when there is none.
Result<datasets::DatasetEntry> WorkspaceDatasetOf(const Services& services, const Call& call);

/// Whether whoever asks is the owner of the home, on its machine: where a request may reach is then
/// theirs to say.
bool IsOnTheHome(const Call& call);

}  // namespace weir::api
