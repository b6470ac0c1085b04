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
/// Packed slices stand for what they hold, as long as their blocks are on the chain; of the rest
/// the index is read. What was decoded is kept (ChainStore::histories()), and only what was
/// appended since is read: a history that was asked for before costs a lookup, whatever its length.
///
/// A block within a packed slice cuts it: its file is there whole, and `source->where` leaves out
/// the rows of later blocks.
Result<std::shared_ptr<const History>> ReadHistory(const Context& context, ChainStore& chains,
                                                   const odf::DatasetId& id,
                                                   const ReadPoint& point);

/// The offset of the last row that blocks up to number `block` brought; nothing when there is none.
Result<std::optional<std::uint64_t>> LastOffsetAt(const Context& context, ChainStore& chains,
                                                  const odf::DatasetId& id, const History& history,
                                                  std::uint64_t block);

/// The events of `history` that blocks after number `after` (none: from the first on) brought, up
/// to and with number `last`.
Result<std::shared_ptr<const engine::ScanSource>> EventsBetween(
    const Context& context, ChainStore& chains, const odf::DatasetId& id, const History& history,
    std::optional<std::uint64_t> after, std::uint64_t last);

}  // namespace weir::datasets
