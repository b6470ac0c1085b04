#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "engine/engine.h"
#include "engine/scan_source.h"
#include "odf/events.h"

namespace weir::pipelines {

/// `{"read": {"kind": "NdJson", ...}, "merge": {"kind": "Append"}}` as an AddPushSource `default`,
/// or as a SetPollingSource when it has a `fetch`.
odf::MetadataEvent SourceOf(std::string_view source);

/// What is left of a query's rows as text, values separated by spaces, a line each; nulls as
/// `null`.
std::string TextOf(engine::RowStream& rows);

/// All rows as text, `op event_time values...` a line each; nulls as `null`. Null: none.
std::string HistoryText(std::shared_ptr<const engine::ScanSource> history);

}  // namespace weir::pipelines
