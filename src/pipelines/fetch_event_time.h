#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/context.h"
#include "base/result.h"
#include "engine/workbench.h"
#include "odf/source_steps.h"

namespace weir::pipelines {

/// The event time that a fetched file gives its rows: none means the time of the ingest. `modified`
/// is when the file says it was changed. kInvalid when the pattern does not fit `path`, or what it
/// finds is no time.
Result<std::optional<Timestamp>> FetchedEventTime(const Context& context, engine::Workbench& bench,
                                                  const std::optional<odf::EventTimeSource>& source,
                                                  const std::string& path,
                                                  const std::optional<Timestamp>& modified);

}  // namespace weir::pipelines
