#include "datasets/usage.h"

namespace weir::datasets {
namespace {

Status AddBlocks(const Context& context, ChainStore& chains, const odf::DatasetId& id,
                 Usage& usage) {
  RowPage page;
  for (;;) {
    ASSIGN_OR_RETURN(const auto rows, chains.Blocks(context, id, page));
    for (const BlockRow& row : rows) {
      usage.blocks += 1;
      usage.block_bytes += row.size;
    }
    if (rows.size() < page.limit) return Ok();
    page.after = rows.back().sequence_number;
  }
}

}  // namespace

Result<Usage> UsageOf(const Context& context, ChainStore& chains, const StateStore& states,
                      const odf::DatasetId& id, const CachePart* working) {
  ASSIGN_OR_RETURN(const ChainRecord record, chains.Read(context, id));
  Usage usage{.slices = record.slices, .slice_bytes = record.bytes};
  RETURN_IF_ERROR(AddBlocks(context, chains, id, usage));
  RETURN_IF_ERROR(chains.RepositoryOf(id).List(context, Repository::Part::kCheckpoint,
                                               [&](const objects::ObjectInfo& object) -> Status {
                                                 usage.checkpoints += 1;
                                                 usage.checkpoint_bytes += object.size;
                                                 return Ok();
                                               }));
  ASSIGN_OR_RETURN(usage.state_bytes, states.KeptBytes(id));
  if (const PackStore* const packs = chains.histories().packs()) {
    ASSIGN_OR_RETURN(usage.packed_bytes, packs->KeptBytes(id));
  }
  if (working != nullptr) {
    ASSIGN_OR_RETURN(usage.working_bytes, working->KeptBytes(id));
  }
  return usage;
}

}  // namespace weir::datasets
