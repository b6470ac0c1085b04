#pragma once

#include <boost/json/object.hpp>
#include <string_view>

#include "resources/kind_registry.h"

namespace weir::resources {

/// Puts the keys of a spec into the order in which the kind's schema has them, which is that of the
/// documentation; other keys follow in theirs. Manifests inside begin with their header.
void OrderKeys(const KindRegistry& registry, std::string_view type, boost::json::object& spec);

}  // namespace weir::resources
