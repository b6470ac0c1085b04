#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "control/store.h"
#include "odf/chain.h"

namespace weir::datasets {

/// What is known of a dataset without walking its chain.
struct ChainRecord {
  odf::ChainState chain;
  std::uint64_t records = 0;  ///< rows of all slices, retractions and corrections among them
  std::uint64_t bytes = 0;    ///< of all slices
  std::uint64_t slices = 0;
};

/// Two values, so that an append of data writes only what it changes: the head with its counters
/// and positions, and the events in force (schema, sources, transform, ...) as encoded blocks.
std::string EncodeHead(const ChainRecord& record);
std::string EncodeInForce(const odf::ChainState& chain);

/// kCorrupt when they are not what the two above wrote.
Result<ChainRecord> DecodeChainRecord(const odf::DatasetId& id, std::string_view head,
                                      std::string_view in_force);

/// The record of `id` as `snapshot` sees it. kNotFound when there is no such dataset.
Result<ChainRecord> ReadChainRecord(control::Snapshot& snapshot, const odf::DatasetId& id);

}  // namespace weir::datasets
