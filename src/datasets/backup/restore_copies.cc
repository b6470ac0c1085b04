#include <algorithm>
#include <optional>
#include <set>

#include "datasets/backup/counted_copy.h"
#include "datasets/backup/dataset_copies.h"
#include "datasets/chain_record.h"
#include "datasets/copy_objects.h"
#include "datasets/keys.h"

namespace weir::datasets {
namespace {

// The blocks and slices that the restored control store holds itself; opening the home publishes
// them.
Result<std::set<Multihash>> PendingIn(control::Snapshot& restored, const odf::DatasetId& id) {
  std::set<Multihash> pending;
  control::ScanOptions page{.limit = 64};  // of up to 256 KiB
  for (bool more = true; more;) {
    ASSIGN_OR_RETURN(const auto entries, restored.Scan(PendingKey(id), page));
    for (const control::Entry& entry : entries) {
      pending.insert(Multihash::Sha3Of(AsBytes(entry.value)));
    }
    more = entries.size() == page.limit;
    if (more) page.after = entries.back().key;
  }
  return pending;
}

class Restoration {
 public:
  Restoration(const Context& context, objects::ObjectStore& source, control::Snapshot& restored,
              const RestoreTarget& target, const backup::OnObjects& on_objects)
      : context_(context),
        source_(source),
        restored_(restored),
        target_(target),
        counted_(counts_, on_objects) {}

  Status Restore(const odf::DatasetId& id) {
    ASSIGN_OR_RETURN(const ChainRecord record, ReadChainRecord(restored_, id));
    const bool is_derivative = record.chain.seed->dataset_kind == odf::DatasetKind::kDerivative;
    const Repository to = Repository::Of(is_derivative ? target_.derivatives : target_.roots, id);
    const Repository copy = CopyOf(source_, id);
    ASSIGN_OR_RETURN(const Checkpoints checkpoints, CheckpointsIn(context_, copy));
    ASSIGN_OR_RETURN(const auto references,
                     ReferencedObjects(context_, restored_, copy, id, checkpoints));
    ASSIGN_OR_RETURN(const auto pending, PendingIn(restored_, id));
    std::vector<ObjectToCopy> objects;
    std::optional<Multihash> head;  // of what is not pending; blocks are in the order of the chain
    for (const auto& [object, sequence_number] : references) {
      if (pending.contains(object.hash)) continue;
      objects.push_back(object);
      if (object.part == Repository::Part::kBlock) head = object.hash;
    }
    CopyOptions options{.present = Present::kByHash};
    options.on_object = [&](const ObjectToCopy& object) { counted_.Count(object, true); };
    RETURN_IF_ERROR(CopyObjects(context_, copy, to, std::move(objects), options));
    if (!head) return Ok();
    const bool keeps_head =
        is_derivative ? target_.derivatives_keep_heads : target_.roots_keep_heads;
    if (keeps_head) {
      ASSIGN_OR_RETURN(const auto there, to.Head(context_));
      if (there) return Ok();
    }
    return to.SetHead(context_, *head);
  }

  const backup::ObjectCounts& counts() const { return counts_; }

 private:
  const Context& context_;
  objects::ObjectStore& source_;
  control::Snapshot& restored_;
  const RestoreTarget& target_;
  backup::ObjectCounts counts_;
  CountedCopy counted_;
};

Error OfDataset(const odf::DatasetId& id, Error error) {
  if (error.code == ErrorCode::kNotFound) {
    error.code = ErrorCode::kCorrupt;
    error.hint =
        "a moment between two backups needs what was removed before the later one; "
        "restore the time of a backup";
  }
  error.message = fmt::format("dataset {}: {}", id.ToString(), error.message);
  return error;
}

}  // namespace

Result<backup::ObjectCounts> RestoreCopies(const Context& context, objects::ObjectStore& source,
                                           control::Snapshot& restored, const RestoreTarget& target,
                                           const backup::OnObjects& on_objects) {
  Restoration restoration(context, source, restored, target, on_objects);
  control::ScanOptions page;
  for (bool more = true; more;) {
    ASSIGN_OR_RETURN(const auto entries, restored.Scan(HeadsKey(), page));
    for (const control::Entry& entry : entries) {
      ASSIGN_OR_RETURN(const odf::DatasetId id, IdIn(entry.key));
      Status done = restoration.Restore(id);
      if (!done) return OfDataset(id, std::move(done).error());
    }
    more = entries.size() == page.limit;
    if (more) page.after = entries.back().key;
  }
  return restoration.counts();
}

}  // namespace weir::datasets
