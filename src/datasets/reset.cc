#include "datasets/reset.h"

#include <functional>
#include <set>

#include "datasets/block_slice.h"
#include "datasets/directory.h"
#include "datasets/repository_places.h"
#include "datasets/rewrite_chain.h"
#include "odf/codec.h"

namespace weir::datasets {
namespace {

// Each further attempt means one more commit of somebody else.
constexpr int kMostAttempts = 8;

bool IsDerivative(const ChainRecord& record) {
  return record.chain.seed->dataset_kind == odf::DatasetKind::kDerivative;
}

// Whether a derivative that starts over makes it again.
bool IsMadeByStep(std::string_view event) {
  return event == odf::ExecuteTransform::kKind || event == odf::SetDataSchema::kKind;
}

// The blocks of the chain, oldest first, from number `first` on.
Status ForEachBlock(const Context& context, ChainStore& chains, const odf::DatasetId& id,
                    std::uint64_t first,
                    const std::function<Result<bool>(const BlockRow&)>& visit) {
  RowPage page;
  if (first > 0) page.after = first - 1;
  for (;;) {
    ASSIGN_OR_RETURN(const auto rows, chains.Blocks(context, id, page));
    for (const BlockRow& row : rows) {
      ASSIGN_OR_RETURN(const bool more, visit(row));
      if (!more) return Ok();
    }
    if (rows.size() < page.limit) return Ok();
    page.after = rows.back().sequence_number;
  }
}

// The blocks after the kept ones that are written again.
Result<std::vector<RewrittenBlock>> MetadataAfter(const Context& context, ChainStore& chains,
                                                  const odf::DatasetId& id, std::uint64_t kept) {
  std::vector<RewrittenBlock> tail;
  RETURN_IF_ERROR(ForEachBlock(context, chains, id, kept, [&](const BlockRow& row) -> Result<bool> {
    if (IsMadeByStep(row.event)) return true;
    ASSIGN_OR_RETURN(const auto block, chains.KeptBlock(context, id, row));
    if (!block) return Corrupt("block {} is not in the index", row.sequence_number);
    ASSIGN_OR_RETURN(odf::DecodedBlock decoded, odf::DecodeBlock(*block));
    tail.push_back(
        {.event = std::move(decoded.block.event), .system_time = decoded.block.system_time});
    return true;
  }));
  return tail;
}

Result<ResetReport> ResetOnce(const Context& context, ChainStore& chains,
                              const ResetRequest& request) {
  ASSIGN_OR_RETURN(const ChainRecord record, chains.Read(context, request.id));
  ASSIGN_OR_RETURN(const std::uint64_t kept, BlocksKept(context, chains, request));
  ASSIGN_OR_RETURN(const BlockRow last, chains.FindBlock(context, request.id, kept - 1));
  const std::uint64_t all = record.chain.sequence_number + 1;
  ResetReport report{
      .id = request.id, .old_head = *record.chain.head, .new_head = *record.chain.head};
  Rewriting rewriting{.expected_head = *record.chain.head, .kept = kept};
  if (!request.to) {
    ASSIGN_OR_RETURN(rewriting.tail, MetadataAfter(context, chains, request.id, kept));
  }
  report.blocks = all - kept - rewriting.tail.size();
  if (report.blocks == 0) return report;
  if (request.is_dry_run) {
    ASSIGN_OR_RETURN(const ChainRecord then, RecordAfter(context, chains, request.id, kept));
    report.records = record.records - then.records;
    report.new_head = last.hash;
    return report;
  }
  ASSIGN_OR_RETURN(const ChainRecord after, RewriteChain(context, chains, request.id, rewriting));
  report.records = record.records - after.records;
  report.new_head = *after.chain.head;
  return report;
}

}  // namespace

Result<std::uint64_t> BlocksKept(const Context& context, ChainStore& chains,
                                 const ResetRequest& request) {
  ASSIGN_OR_RETURN(const ChainRecord record, chains.Read(context, request.id));
  const std::uint64_t all = record.chain.sequence_number + 1;
  if (request.to) {
    if (*request.to < all) return *request.to + 1;
    return NotFound("dataset {} has no block {}", NameOfDataset(context, chains, request.id),
                    *request.to);
  }
  if (!IsDerivative(record)) {
    return Invalid("dataset {} is a root: say to which block it goes back",
                   NameOfDataset(context, chains, request.id))
        .WithHint("weir log shows its blocks; weir revert takes loads back and keeps history");
  }
  std::uint64_t kept = all;
  RETURN_IF_ERROR(
      ForEachBlock(context, chains, request.id, 0, [&](const BlockRow& row) -> Result<bool> {
        if (!IsMadeByStep(row.event)) return true;
        kept = row.sequence_number;
        return false;
      }));
  return kept;
}

Result<ResetReport> Reset(const Context& context, ChainStore& chains, const ResetRequest& request) {
  for (int attempt = 1;; ++attempt) {
    auto report = ResetOnce(context, chains, request);
    const bool was_late = !report && report.error().code == ErrorCode::kConflict;
    if (!was_late || attempt == kMostAttempts) return report;
  }
}

Result<std::vector<odf::DatasetId>> ReadersBeyond(const Context& context, ChainStore& chains,
                                                  const odf::DatasetId& id, std::uint64_t kept) {
  std::vector<odf::DatasetId> readers;
  std::optional<odf::DatasetId> after;
  for (;;) {
    ASSIGN_OR_RETURN(const auto snapshot, chains.store().Read(context));
    constexpr std::size_t kPage = 1000;
    ASSIGN_OR_RETURN(const auto entries, ListDatasets(*snapshot, after, kPage));
    for (const DatasetEntry& entry : entries) {
      const auto record = chains.Read(context, entry.id);
      if (!record) continue;  // what cannot be read is not made worse
      for (const odf::InputPosition& input : record->chain.inputs) {
        if (input.dataset_id != id || !input.block_hash) continue;
        const auto block = chains.FindBlock(context, id, *input.block_hash);
        if (!block && block.error().code != ErrorCode::kNotFound) return block.error();
        if (!block || block->sequence_number >= kept) readers.push_back(entry.id);
      }
    }
    if (entries.size() < kPage) return readers;
    after = entries.back().id;
  }
}

Result<ResetGraph> ResetWithReaders(const Context& context, ChainStore& chains,
                                    const ResetRequest& request, bool downstream) {
  ResetGraph graph;
  std::set<odf::DatasetId> seen{request.id};
  std::vector<ResetRequest> waiting{request};
  for (std::size_t next = 0; next < waiting.size(); ++next) {
    const ResetRequest each = waiting[next];
    ASSIGN_OR_RETURN(const std::uint64_t kept, BlocksKept(context, chains, each));
    ASSIGN_OR_RETURN(const auto readers, ReadersBeyond(context, chains, each.id, kept));
    ASSIGN_OR_RETURN(ResetReport report, Reset(context, chains, each));
    graph.done.push_back(report);
    for (const odf::DatasetId& reader : readers) {
      if (!seen.insert(reader).second) continue;
      if (downstream) {
        waiting.push_back({.id = reader, .is_dry_run = request.is_dry_run});
      } else {
        graph.diverged.push_back(reader);
      }
    }
  }
  return graph;
}

}  // namespace weir::datasets
