#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/multihash.h"
#include "base/result.h"
#include "control/store.h"
#include "datasets/chain_record.h"
#include "odf/events.h"
#include "slices/slice_facts.h"

namespace weir::datasets {

/// Slices up to this size travel inside the transaction that commits them, and are published
/// afterwards: a small append costs one flush, not six.
inline constexpr std::size_t kMostPendingBytes = 256 << 10;

/// The slice of a block that adds data.
struct NewSlice {
  slices::SliceFacts facts = {};
  /// The file, at most kMostPendingBytes; nullopt: it is durable in the dataset's repository.
  std::optional<std::string> content = {};
};

struct NewBlock {
  odf::MetadataEvent event = {};
  std::optional<NewSlice> slice = {};
};

/// Blocks of ours to put on a chain, in one step.
struct AppendRequest {
  odf::DatasetId id = {};
  std::optional<Multihash> expected_head = {};  ///< none: the chain begins with these blocks
  Timestamp system_time = {};                   ///< of all of them
  std::vector<NewBlock> blocks = {};
};

/// The commit point of a dataset: within `transaction` the blocks become part of the chain, with
/// their rows in the index, and an event goes to the outbox (topic kCommitted).
///
/// kConflict names both heads when the chain has moved on (kAlreadyExists when it should not be
/// there yet); kInvalid the rule of chains that a block breaks; kUnavailable that the dataset was
/// stopped. Nothing was then written.
Result<ChainRecord> AppendBlocks(control::Transaction& transaction, const AppendRequest& request);

/// A block that stands in the dataset's repository already, written by us or by others.
struct FoundBlock {
  Multihash hash = {};
  Bytes bytes = {};
  odf::MetadataBlock block = {};
  std::optional<slices::SliceFacts> facts = {};  ///< of its slice, if it has one
};

/// Takes blocks that another tool put on the chain, or that were read back from the repository,
/// into the index; `record` is moved along. As foreign chains are judged: `warnings` takes what
/// only we are strict about.
Status AdoptBlock(control::Transaction& transaction, const odf::DatasetId& id, ChainRecord& record,
                  const FoundBlock& found, std::vector<std::string>* warnings);

/// Counts the slice that `event` brings, if it does.
void CountSlice(const odf::MetadataEvent& event, ChainRecord& record);

/// Writes `record` as that of `id`.
Status PutChainRecord(control::Transaction& transaction, const odf::DatasetId& id,
                      const ChainRecord& record, bool in_force_changed);

/// Topic of the outbox: {"id", "head", "sequence", "lastOffset"?} for each commit.
inline constexpr const char* kCommitted = "datasets.committed";
std::string Announcement(const odf::DatasetId& id, const odf::ChainState& chain);

}  // namespace weir::datasets
