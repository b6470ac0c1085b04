#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "resources/kind.h"
#include "resources/kind_registry.h"

namespace weir::resources {

std::unique_ptr<Kind> MakeWorkspaceKind();

/// Names that no workspace has: those with which the paths of other routes begin, /api/<name>/...,
/// as the datasets of a workspace are at /api/<workspace>/<dataset>/... Sorted.
std::span<const std::string_view> ReservedWorkspaceNames();

/// `registry` tells it the status of what it brought, and outlives it.
std::unique_ptr<Kind> MakeBundleKind(const KindRegistry& registry);

}  // namespace weir::resources
