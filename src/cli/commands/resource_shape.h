#pragma once

#include "cli/records.h"

namespace weir::cli {

/// How resources look in a list: the columns DataOS users know, and Weir's own with -o wide.
const Shape& ResourceShape();
/// The columns of its own that a list of nothing but datasets has; else ResourceShape.
const Shape& ShapeOf(const std::vector<Record>& resources);

/// How versions of one resource look.
const Shape& VersionShape();

}  // namespace weir::cli
