#pragma once

#include "resources/name_rule.h"

namespace weir::datasets {

/// Which names a dataset takes (ARCHITECTURE.md, "Names").
const resources::NameRule& DatasetNameRule();

}  // namespace weir::datasets
