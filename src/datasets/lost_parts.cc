#include "datasets/lost_parts.h"

#include "datasets/checked_slices.h"

namespace weir::datasets {
namespace {

bool IsLoss(const Error& error) {
  return error.code == ErrorCode::kNotFound || error.code == ErrorCode::kCorrupt;
}

Result<bool> IsWhole(const Context& context, ChainStore& chains, const odf::DatasetId& id,
                     const odf::DataSlice& slice) {
  auto file = chains.OpenSlice(context, id, slice);
  Status checked = Ok();
  if (!file) {
    checked = std::move(file).error();
  } else {
    checked = CheckBytes(context, *std::move(file), slice, "slice");
  }
  if (checked) return true;
  if (IsLoss(checked.error())) return false;
  return checked.error();
}

Status Restore(const Context& context, ChainStore& chains, const odf::DatasetId& id,
               const BlockRow& row) {
  ASSIGN_OR_RETURN(const auto kept, chains.KeptBlock(context, id, row));
  if (kept) return chains.RepositoryOf(id).PutBlock(context, row.hash, *kept);
  return Corrupt("block {} ({}) is lost, and the home keeps no copy of it", row.sequence_number,
                 row.hash.ToText())
      .WithHint("weir pull brings the dataset from a repository that has it");
}

}  // namespace

Result<std::vector<LostSlice>> FindLostSlices(
    const Context& context, ChainStore& chains, const odf::DatasetId& id,
    const std::function<void(const odf::DataSlice&)>& on_slice) {
  std::vector<LostSlice> lost;
  for (RowPage page;;) {
    ASSIGN_OR_RETURN(const auto rows, chains.Slices(context, id, page));
    for (const SliceRow& row : rows) {
      RETURN_IF_ERROR(context.Check());
      ASSIGN_OR_RETURN(const bool is_whole, IsWhole(context, chains, id, row.slice));
      if (!is_whole) lost.push_back({row.sequence_number, row.slice});
      on_slice(row.slice);
    }
    if (rows.size() < page.limit) return lost;
    page.after = rows.back().slice.offset_interval.end;
  }
}

Result<std::uint64_t> RestoreBlocks(const Context& context, ChainStore& chains,
                                    const odf::DatasetId& id) {
  // What is pending comes there by itself.
  RETURN_IF_ERROR(chains.Publish(context, id));
  const Repository repository = chains.RepositoryOf(id);
  std::uint64_t restored = 0;
  for (RowPage page;;) {
    ASSIGN_OR_RETURN(const auto rows, chains.Blocks(context, id, page));
    for (const BlockRow& row : rows) {
      RETURN_IF_ERROR(context.Check());
      const auto block = repository.Block(context, row.hash);
      if (block) continue;
      if (!IsLoss(block.error())) return block.error();
      RETURN_IF_ERROR(Restore(context, chains, id, row));
      ++restored;
    }
    if (rows.size() < page.limit) return restored;
    page.after = rows.back().sequence_number;
  }
}

}  // namespace weir::datasets
