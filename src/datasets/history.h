#pragma once

#include <memory>

#include "base/context.h"
#include "base/result.h"
#include "datasets/chain_store.h"
#include "datasets/history_cache.h"
#include "engine/scan_source.h"

namespace weir::datasets {

/// All events of a dataset up to the head in `record`, as one relation over its slices: the columns
/// of the schema in force there, system columns among them. Opens no file. Without a schema there
/// is no relation yet: null.
///
/// A slice that was written under an older schema lacks columns; they read as nulls. kConflict when
/// the chain was replaced by another one since `record` was read.
Result<std::shared_ptr<const engine::ScanSource>> HistoryOf(const Context& context,
                                                            ChainStore& chains,
                                                            const odf::DatasetId& id,
                                                            const ChainRecord& record);

/// A place in a chain to read it at.
struct ReadPoint {
  Multihash head = {};
  std::uint64_t sequence_number = 0;
  odf::SetVocab vocab = {};  ///< says which column is the operation
};

/// The same with what else is known of it, at any block; null before the first schema.
///
/// The decoded index is kept (ChainStore::histories()), and only what was appended since is read:
/// a history that was asked for before costs a lookup, whatever its length.
Result<std::shared_ptr<const History>> ReadHistory(const Context& context, ChainStore& chains,
                                                   const odf::DatasetId& id,
                                                   const ReadPoint& point);

}  // namespace weir::datasets
