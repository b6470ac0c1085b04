#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

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

/// Puts an event where `chain` keeps what is in force, as appending its block would, without
/// judging it. Events with data change nothing.
void PutInForce(odf::MetadataEvent event, odf::ChainState& chain);

/// What was in force after the block of that number; nothing else of the state is filled in.
Result<odf::ChainState> InForceAt(control::Snapshot& snapshot, const odf::DatasetId& id,
                                  std::uint64_t sequence_number);

/// A schema that a chain had from a block on.
struct SetSchema {
  std::uint64_t sequence_number = 0;  ///< of the block that set it
  odf::DataSchema schema = {};        ///< also where the block holds a raw Arrow one
};

/// Every schema of the chain, the oldest first.
Result<std::vector<SetSchema>> SchemasOf(control::Snapshot& snapshot, const odf::DatasetId& id);

/// kCorrupt when they are not what the two above wrote.
Result<ChainRecord> DecodeChainRecord(const odf::DatasetId& id, std::string_view head,
                                      std::string_view in_force);

/// The head in what EncodeHead wrote; kCorrupt when there is none.
Result<Multihash> HeadIn(const odf::DatasetId& id, std::string_view head);

/// The record of `id` as `snapshot` sees it. kNotFound when there is no such dataset.
Result<ChainRecord> ReadChainRecord(control::Snapshot& snapshot, const odf::DatasetId& id);

}  // namespace weir::datasets
