#include "pipelines/compact/merged_runs.h"

#include "odf/codec.h"

namespace weir::pipelines {
namespace {

struct Size {
  std::uint64_t bytes = 0;
  std::uint64_t records = 0;
};

Size SizeOf(const std::vector<odf::DataSlice>& slices) {
  Size size;
  for (const odf::DataSlice& slice : slices) {
    size.bytes += slice.size;
    size.records += slice.offset_interval.end - slice.offset_interval.start + 1;
  }
  return size;
}

bool Fits(const BlockRun& run, const odf::AddData& next, const CompactLimits& limits) {
  const auto* data = std::get_if<odf::AddData>(&run.event.value);
  if (data == nullptr || data->extra != next.extra) return false;
  const bool other_source =
      data->new_source_state && next.new_source_state &&
      data->new_source_state->source_name != next.new_source_state->source_name;
  if (other_source) return false;
  if (!next.new_data) return true;
  const Size size = SizeOf(run.slices);
  const Size more = SizeOf({*next.new_data});
  return size.bytes + more.bytes <= limits.bytes && size.records + more.records <= limits.records;
}

void Join(BlockRun& run, const odf::MetadataBlock& block, const odf::AddData& next) {
  auto& data = std::get<odf::AddData>(run.event.value);
  if (next.new_data) run.slices.push_back(*next.new_data);
  if (next.new_checkpoint) data.new_checkpoint = next.new_checkpoint;
  if (next.new_watermark) data.new_watermark = next.new_watermark;
  if (next.new_source_state) data.new_source_state = next.new_source_state;
  run.system_time = block.system_time;
  run.count += 1;
}

BlockRun Alone(odf::MetadataBlock block) {
  BlockRun run{.first = block.sequence_number, .system_time = block.system_time};
  if (const auto* data = std::get_if<odf::AddData>(&block.event.value)) {
    if (data->new_data) run.slices.push_back(*data->new_data);
  }
  run.event = std::move(block.event);
  return run;
}

}  // namespace

Result<std::vector<BlockRun>> RunsOf(const Context& context, datasets::ChainStore& chains,
                                     const odf::DatasetId& id, std::uint64_t first,
                                     const std::optional<CompactLimits>& limits) {
  std::vector<BlockRun> runs;
  datasets::RowPage page;
  if (first > 0) page.after = first - 1;
  for (;;) {
    ASSIGN_OR_RETURN(const auto rows, chains.Blocks(context, id, page));
    for (const datasets::BlockRow& row : rows) {
      RETURN_IF_ERROR(context.Check());
      ASSIGN_OR_RETURN(const Bytes bytes, chains.ReadBlock(context, id, row));
      ASSIGN_OR_RETURN(odf::DecodedBlock decoded, odf::DecodeBlock(bytes));
      const auto* data = std::get_if<odf::AddData>(&decoded.block.event.value);
      if (limits && data != nullptr && !runs.empty() && Fits(runs.back(), *data, *limits)) {
        Join(runs.back(), decoded.block, *data);
      } else {
        runs.push_back(Alone(std::move(decoded.block)));
      }
    }
    if (rows.size() < page.limit) return runs;
    page.after = rows.back().sequence_number;
  }
}

}  // namespace weir::pipelines
