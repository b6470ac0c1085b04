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

/// The bytes of the blocks that bring no data, so that what was in force at any time is at hand.
control::Key MetadataBlocksKey(const odf::DatasetId& id);
control::Key MetadataBlockKey(const odf::DatasetId& id, std::uint64_t sequence_number);

/// The bytes of the blocks that are steps of a derivative, so that it can be rebuilt when its
/// repository is lost (docs/decisions/rebuild.md).
control::Key StepBlocksKey(const odf::DatasetId& id);
control::Key StepBlockKey(const odf::DatasetId& id, std::uint64_t sequence_number);

control::Key SlicesKey(const odf::DatasetId& id);  ///< above every SliceKey
control::Key SliceKey(const odf::DatasetId& id, std::uint64_t first_offset);

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

/// Which chain a version of a `dataset` resource is of, and the number of its newest block then.
control::Key AppliedKey(std::string_view workspace, std::string_view name);
control::Key AppliedKey(std::string_view workspace, std::string_view name, std::int64_t version);

/// When the resource of a dataset was deleted; its chain is kept for a while.
control::Key GoneKey(const odf::DatasetId& id);
/// The private key of a dataset that was made here, sealed.
control::Key SigningKeyKey(const odf::DatasetId& id);

/// Why the last pull of a dataset failed (pull_failure.h).
control::Key PullFailureKey(const odf::DatasetId& id);
/// Where a pulled dataset comes from (origin.h).
control::Key OriginKey(const odf::DatasetId& id);
/// Where a dataset was pushed to last (origin.h).
control::Key PushedKey(const odf::DatasetId& id);

/// The head that a dataset had before its history was replaced (rewrite_chain.h).
control::Key ReplacedHeadKey(const odf::DatasetId& id);

/// Of a derivative that is being brought and has no chain yet (split_store.h).
control::Key DerivativeKey(const odf::DatasetId& id);

/// Those who work on objects of a dataset that no block leads to yet (pins.h).
control::Key PinsKey(const odf::DatasetId& id);
control::Key PinKey(const odf::DatasetId& id, std::string_view name);
/// Those who read objects of all datasets (pins.h).
control::Key PinsOfAllKey();

/// How far the data of a dataset was verified when that was interrupted.
control::Key VerifiedKey(const odf::DatasetId& id);

/// The checks of a dataset, what came of them in its last commits, and in the last batch that was
/// refused (check_results.h).
control::Key ContractKey(const odf::DatasetId& id);
control::Key ChecksKey(const odf::DatasetId& id);  ///< above every CheckKey
control::Key CheckKey(const odf::DatasetId& id, std::uint64_t number);
control::Key RefusalKey(const odf::DatasetId& id);

/// Which dataset takes the rows that failed (quarantine.h).
control::Key QuarantineKey(const odf::DatasetId& id);

/// Why a dataset takes no more blocks, where that is so.
control::Key StoppedKey(const odf::DatasetId& id);

}  // namespace weir::datasets
