#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/multihash.h"
#include "base/result.h"
#include "odf/events.h"
#include "slices/slice_facts.h"

namespace weir::datasets {

/// A block as the index knows it.
struct BlockRow {
  std::uint64_t sequence_number = 0;
  Multihash hash = {};
  Timestamp system_time = {};
  std::string event = {};                   ///< "AddData"
  std::uint64_t size = 0;                   ///< bytes of the block
  std::optional<Timestamp> watermark = {};  ///< of the chain, once the block is on it
};

/// A slice as the index knows it: enough to plan a query without opening the file.
struct SliceRow {
  std::uint64_t sequence_number = 0;  ///< of its block
  odf::DataSlice slice = {};
  slices::SliceFacts facts = {};
};

std::string Encode(const BlockRow& row);
std::string Encode(const SliceRow& row);

/// kCorrupt for anything the above did not write.
Result<BlockRow> DecodeBlockRow(std::string_view value);
Result<SliceRow> DecodeSliceRow(std::string_view value);

}  // namespace weir::datasets
