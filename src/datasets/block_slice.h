#pragma once

#include <string_view>

#include "odf/events.h"

namespace weir::datasets {

/// "AddData"
std::string_view KindOf(const odf::MetadataEvent& event);

/// The slice a block brings, null when it brings none.
const odf::DataSlice* SliceOf(const odf::MetadataEvent& event);
const odf::Checkpoint* CheckpointOf(const odf::MetadataEvent& event);

/// Whether it is AddData or ExecuteTransform.
bool IsData(const odf::MetadataEvent& event);

}  // namespace weir::datasets
