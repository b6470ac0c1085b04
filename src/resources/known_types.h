#pragma once

#include <span>
#include <string_view>

namespace weir::resources {

/// A resource type that DataOS has (public manual, 2026-05), here or not: so that a manifest of a
/// type to come is told apart from a typing mistake.
struct KnownType {
  std::string_view type;
  bool in_workspace;
};

std::span<const KnownType> KnownTypes();

/// Null for a type nobody knows.
const KnownType* FindKnownType(std::string_view type);

}  // namespace weir::resources
