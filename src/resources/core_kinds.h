#pragma once

#include <memory>

#include "resources/kind.h"
#include "resources/kind_registry.h"

namespace weir::resources {

std::unique_ptr<Kind> MakeWorkspaceKind();

/// `registry` tells it the status of what it brought, and outlives it.
std::unique_ptr<Kind> MakeBundleKind(const KindRegistry& registry);

}  // namespace weir::resources
