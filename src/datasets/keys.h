#pragma once

#include <cstdint>
#include <string_view>

#include "base/multihash.h"
#include "base/result.h"
#include "control/key.h"
#include "odf/dataset_id.h"

// Where the facts of chains stand in the control store: the space "datasets"
// (docs/formats/dataset-records.md).

namespace weir::datasets {

control::Key HeadsKey();  ///< above every HeadKey
control::Key HeadKey(const odf::DatasetId& id);
control::Key InForceKey(const odf::DatasetId& id);

control::Key BlocksKey(const odf::DatasetId& id);  ///< above every BlockKey
control::Key BlockKey(const odf::DatasetId& id, std::uint64_t sequence_number);
control::Key HashesKey(const odf::DatasetId& id);  ///< above every HashKey
control::Key HashKey(const odf::DatasetId& id, const Multihash& block);

control::Key SlicesKey(const odf::DatasetId& id);  ///< above every SliceKey
control::Key SliceKey(const odf::DatasetId& id, std::uint64_t first_offset);

control::Key SchemasKey(const odf::DatasetId& id);  ///< above every SchemaKey
control::Key SchemaKey(const odf::DatasetId& id, std::uint64_t sequence_number);

/// The dataset whose id is the second part of `key`; kCorrupt when there is none.
Result<odf::DatasetId> IdIn(const control::Key& key);

/// Blocks and slices that are committed, and not yet in the dataset's repository.
control::Key PendingKey();
control::Key PendingKey(const odf::DatasetId& id);
control::Key PendingBlockKey(const odf::DatasetId& id, std::uint64_t sequence_number);
control::Key PendingSliceKey(const odf::DatasetId& id, const Multihash& physical_hash);

/// What the home knows of a dataset beside its chain, and its name, folded (directory.h).
control::Key EntriesKey();  ///< above every EntryKey
control::Key EntryKey(const odf::DatasetId& id);
control::Key NamesKey(std::string_view workspace);
control::Key NameKey(std::string_view workspace, std::string_view folded);

/// Why a dataset takes no more blocks, where that is so.
control::Key StoppedKey(const odf::DatasetId& id);

}  // namespace weir::datasets
