#pragma once

#include <optional>
#include <string>

#include "base/context.h"
#include "base/result.h"
#include "engine/workbench.h"
#include "odf/events.h"

namespace weir::pipelines {

/// The name that a preprocess query knows the rows by that were read.
inline constexpr const char* kInputTable = "input";

/// Makes a view of every step of `preprocess`, over the view `input` and the steps before it, and
/// returns the name of the last. Each is a user's SQL: it is checked to read nothing else
/// (engine/checked_select.h). Without steps the answer is `input`.
Result<std::string> Preprocess(const Context& context, engine::Workbench& bench,
                               const std::optional<odf::Transform>& preprocess);

}  // namespace weir::pipelines
