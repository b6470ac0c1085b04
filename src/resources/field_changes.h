#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <vector>

#include "resources/apply_request.h"

namespace weir::resources {

/// A value to compare, and the same value as it may be shown.
struct Comparable {
  const boost::json::value& clear;
  const boost::json::value& shown;
};

/// Which fields differ between `before` and `after`, as deep as mappings and lists of equal length
/// go, sorted by path. Values are taken from what may be shown.
std::vector<FieldChange> CompareFields(const Comparable& before, const Comparable& after);

}  // namespace weir::resources
