#include "datasets/references.h"

#include "datasets/block_slice.h"
#include "datasets/index_rows.h"
#include "datasets/keys.h"
#include "odf/codec.h"

namespace weir::datasets {
namespace {

using Part = Repository::Part;

Result<Bytes> ReadBlock(const Context& context, control::Snapshot& snapshot,
                        const Repository& repository, const odf::DatasetId& id,
                        const BlockRow& row) {
  ASSIGN_OR_RETURN(const auto pending, snapshot.Get(PendingBlockKey(id, row.sequence_number)));
  if (pending) return ToBytes(pending->value);
  return repository.Block(context, row.hash);
}

// Calls `visit` with each entry that continues `prefix`.
template <typename Visit>
Status ForEach(const Context& context, control::Snapshot& snapshot, const control::Key& prefix,
               Visit&& visit) {
  control::ScanOptions page;
  while (true) {
    RETURN_IF_ERROR(context.Check());
    ASSIGN_OR_RETURN(const auto entries, snapshot.Scan(prefix, page));
    for (const control::Entry& entry : entries) RETURN_IF_ERROR(visit(entry));
    if (entries.size() < page.limit) return Ok();
    page.after = entries.back().key;
  }
}

}  // namespace

Result<std::vector<Reference>> ReferencedObjects(const Context& context,
                                                 control::Snapshot& snapshot,
                                                 const Repository& repository,
                                                 const odf::DatasetId& id,
                                                 Checkpoints checkpoints) {
  std::vector<Reference> references;
  const auto add_checkpoint = [&](const BlockRow& row) -> Status {
    ASSIGN_OR_RETURN(const Bytes bytes, ReadBlock(context, snapshot, repository, id, row));
    ASSIGN_OR_RETURN(const odf::DecodedBlock decoded, odf::DecodeBlock(bytes));
    if (const odf::Checkpoint* checkpoint = CheckpointOf(decoded.block.event)) {
      references.push_back(
          {{Part::kCheckpoint, checkpoint->physical_hash, checkpoint->size}, row.sequence_number});
    }
    return Ok();
  };
  RETURN_IF_ERROR(
      ForEach(context, snapshot, BlocksKey(id), [&](const control::Entry& entry) -> Status {
        ASSIGN_OR_RETURN(const BlockRow row, DecodeBlockRow(entry.value));
        references.push_back({{Part::kBlock, row.hash, row.size}, row.sequence_number});
        const bool has_data = row.event == "AddData" || row.event == "ExecuteTransform";
        return has_data && checkpoints == Checkpoints::kIncluded ? add_checkpoint(row) : Ok();
      }));
  RETURN_IF_ERROR(
      ForEach(context, snapshot, SlicesKey(id), [&](const control::Entry& entry) -> Status {
        ASSIGN_OR_RETURN(const SliceRow row, DecodeSliceRow(entry.value));
        references.push_back(
            {{Part::kSlice, row.slice.physical_hash, row.slice.size}, row.sequence_number});
        return Ok();
      }));
  return references;
}

Result<Checkpoints> CheckpointsIn(const Context& context, const Repository& repository) {
  bool found = false;
  const Status listed = repository.List(context, Part::kCheckpoint, [&](const auto& /*object*/) {
    found = true;
    return Status(Cancelled("one is enough"));
  });
  if (!listed && !found) return listed.error();
  return found ? Checkpoints::kIncluded : Checkpoints::kLeftOut;
}

}  // namespace weir::datasets
