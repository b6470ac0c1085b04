#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>

#include "base/files.h"
#include "base/result.h"
#include "engine/scan_source.h"
#include "odf/events.h"
#include "slices/slice_facts.h"

namespace weir::slices {

/// Opens a slice's file whenever it is needed. Thread-safe.
using SliceOpener = std::function<Result<std::shared_ptr<const ReadableFile>>()>;

/// The slice as a file of a relation. `columns` says for each column of the relation which column
/// of the file it is; a column that the file lacks has no bounds, as has one whose facts are not
/// known.
engine::ScanFile ScanFileOf(const odf::DataSlice& slice, const SliceFacts& facts,
                            std::span<const std::optional<std::size_t>> columns, SliceOpener open);

}  // namespace weir::slices
