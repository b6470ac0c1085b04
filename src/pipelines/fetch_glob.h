#pragma once

#include "pipelines/fetch_url.h"

namespace weir::pipelines {

/// The next file that a pattern of paths finds: in the order of their names, or of their event
/// times, the first after the one that `state` names (kind odf/etag, as Kamu keeps it). Patterns
/// are those of glob(3); what the rights do not allow is kDenied.
Result<std::optional<FetchedFile>> FetchGlob(const Context& context, const FetchPlace& place,
                                             const odf::FetchStepFilesGlob& step,
                                             const std::optional<odf::SourceState>& state);

}  // namespace weir::pipelines
