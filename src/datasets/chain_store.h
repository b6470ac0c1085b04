#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/files.h"
#include "base/result.h"
#include "control/store.h"
#include "datasets/append.h"
#include "datasets/chain_record.h"
#include "datasets/checked_slices.h"
#include "datasets/history_cache.h"
#include "datasets/index_rows.h"
#include "datasets/repository.h"
#include "objects/object_store.h"

namespace weir::datasets {

/// A page of an index: the rows that follow `after`, at most `limit`.
struct RowPage {
  std::optional<std::uint64_t> after = {};  ///< the last number of the page before
  std::size_t limit = 1000;
};

/// The chains of a home: append to them, and read them at any place. The head and the index are in
/// the control store, blocks and slices in the dataset's repository, or in the control store while
/// they are pending; a reader cannot tell which.
///
/// Nothing here walks a chain: every call costs O(log n) of its length, and as much as it returns.
/// Thread-safe. Made in server/wiring.cc; store and objects outlive it, and the files it opened.
class ChainStore {
 public:
  /// `packs` outlives it too; null: there are no packed slices.
  ChainStore(control::Store& store, objects::ObjectStore& objects, PackStore* packs = nullptr)
      : store_(store), objects_(objects), histories_(packs) {}

  /// As AppendBlocks, in a transaction of its own. When it returns the blocks are durable and seen
  /// by every reader.
  Result<ChainRecord> Append(const Context& context, const AppendRequest& request);

  /// kNotFound when there is no such dataset.
  Result<ChainRecord> Read(const Context& context, const odf::DatasetId& id);
  Result<std::vector<odf::DatasetId>> List(const Context& context);

  /// By sequence number, the newest first; `page.after` goes down.
  Result<std::vector<BlockRow>> BlocksBack(const Context& context, const odf::DatasetId& id,
                                           const RowPage& page = {});
  /// By sequence number, the oldest first.
  Result<std::vector<BlockRow>> Blocks(const Context& context, const odf::DatasetId& id,
                                       const RowPage& page = {});
  /// kNotFound when the chain has no such block.
  Result<BlockRow> FindBlock(const Context& context, const odf::DatasetId& id,
                             const Multihash& hash);
  Result<BlockRow> FindBlock(const Context& context, const odf::DatasetId& id,
                             std::uint64_t sequence_number);
  /// The newest block that was there at `time`; kNotFound when the chain is younger.
  Result<BlockRow> FindBlock(const Context& context, const odf::DatasetId& id, Timestamp time);

  /// Slices in the order of their offsets, from the first after offset `page.after` on.
  Result<std::vector<SliceRow>> Slices(const Context& context, const odf::DatasetId& id,
                                       const RowPage& page = {});
  /// The slice that holds `offset`.
  Result<SliceRow> FindSlice(const Context& context, const odf::DatasetId& id,
                             std::uint64_t offset);

  /// What was in force after the block of that number.
  Result<odf::ChainState> InForce(const Context& context, const odf::DatasetId& id,
                                  std::uint64_t sequence_number);
  /// Every schema there was, the oldest first.
  Result<std::vector<SetSchema>> Schemas(const Context& context, const odf::DatasetId& id);

  /// The bytes of a block, checked against its hash.
  Result<Bytes> ReadBlock(const Context& context, const odf::DatasetId& id, const BlockRow& block);
  /// The bytes that the home keeps of a block beside its repository: of those that bring no data,
  /// and of the steps of derivatives. nullopt when it keeps none.
  Result<std::optional<Bytes>> KeptBlock(const Context& context, const odf::DatasetId& id,
                                         const BlockRow& block);
  /// A slice's file; what it holds is not checked.
  Result<std::shared_ptr<const ReadableFile>> OpenSlice(const Context& context,
                                                        const odf::DatasetId& id,
                                                        const odf::DataSlice& slice);

  /// The same, hashed before this process first reads it: what was damaged is kCorrupt. Slices of
  /// the group are hashed together.
  Result<std::shared_ptr<const ReadableFile>> OpenCheckedSlice(const Context& context,
                                                               const odf::DatasetId& id,
                                                               const SliceInGroup& wanted);
  /// This process has hashed the bytes of a slice as it wrote them.
  void NoteWritten(const Multihash& physical_hash) { checked_.NoteWritten(physical_hash); }

  /// Brings everything pending into the repositories. An error of one dataset does not keep the
  /// others from it; the first is returned.
  Status PublishAll(const Context& context);
  Status Publish(const Context& context, const odf::DatasetId& id);
  /// The same, and refs/head is put to where our record says even if nothing was pending.
  Status PublishHead(const Context& context, const odf::DatasetId& id);

  /// Every object of every repository there is, under the multibase of its id; and what crashes
  /// left of objects that were being written before `before`.
  Status ListObjects(const Context& context, const objects::ObjectStore::Visit& visit) {
    return objects_.List(context, "", visit);
  }
  Status RemoveLeftovers(const Context& context, Timestamp before) {
    return objects_.RemoveLeftovers(context, before);
  }

  HistoryCache& histories() { return histories_; }
  Repository RepositoryOf(const odf::DatasetId& id) { return Repository::Of(objects_, id); }
  control::Store& store() { return store_; }

 private:
  Result<std::vector<BlockRow>> ScanBlocks(const Context& context, const odf::DatasetId& id,
                                           const RowPage& page, bool reverse);

  control::Store& store_;
  objects::ObjectStore& objects_;
  std::mutex publishing_;
  CheckedSlices checked_;
  HistoryCache histories_;
};

}  // namespace weir::datasets
