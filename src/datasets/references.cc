#include "datasets/references.h"

#include "datasets/block_slice.h"
#include "odf/codec.h"

namespace weir::datasets {
namespace {

using Part = Repository::Part;

Status AddCheckpoint(const Context& context, ChainStore& chains, const odf::DatasetId& id,
                     const BlockRow& row, std::set<std::string>& names) {
  ASSIGN_OR_RETURN(const Bytes bytes, chains.ReadBlock(context, id, row));
  ASSIGN_OR_RETURN(const odf::DecodedBlock decoded, odf::DecodeBlock(bytes));
  if (const odf::Checkpoint* checkpoint = CheckpointOf(decoded.block.event)) {
    names.insert(Repository::NameOf(Part::kCheckpoint, checkpoint->physical_hash));
  }
  return Ok();
}

}  // namespace

Result<std::set<std::string>> ReferencedObjects(const Context& context, ChainStore& chains,
                                                const odf::DatasetId& id, bool with_checkpoints) {
  std::set<std::string> names;
  for (RowPage page;;) {
    ASSIGN_OR_RETURN(const auto rows, chains.Blocks(context, id, page));
    for (const BlockRow& row : rows) {
      names.insert(Repository::NameOf(Part::kBlock, row.hash));
      const bool has_data = row.event == "AddData" || row.event == "ExecuteTransform";
      if (with_checkpoints && has_data) {
        RETURN_IF_ERROR(AddCheckpoint(context, chains, id, row, names));
      }
    }
    if (rows.size() < page.limit) break;
    page.after = rows.back().sequence_number;
  }
  for (RowPage page;;) {
    ASSIGN_OR_RETURN(const auto rows, chains.Slices(context, id, page));
    for (const SliceRow& row : rows) {
      names.insert(Repository::NameOf(Part::kSlice, row.slice.physical_hash));
    }
    if (rows.size() < page.limit) return names;
    page.after = rows.back().slice.offset_interval.start;
  }
}

}  // namespace weir::datasets
