#include "datasets/append.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "datasets/block_slice.h"
#include "datasets/index_rows.h"
#include "datasets/keys.h"
#include "odf/codec.h"

namespace weir::datasets {
namespace {

namespace json = boost::json;

Status CheckHead(const odf::DatasetId& id, const ChainRecord& record,
                 const std::optional<Multihash>& expected) {
  if (record.chain.head == expected) return Ok();
  if (!expected) return AlreadyExists("dataset {} is there already", id.ToString());
  return Conflict("the head of dataset {} is {}, not {}", id.ToString(),
                  record.chain.head ? record.chain.head->ToText() : "none", expected->ToText())
      .WithHint("somebody else has committed to it; try again");
}

Status CheckRunning(control::Snapshot& snapshot, const odf::DatasetId& id) {
  ASSIGN_OR_RETURN(const auto stopped, snapshot.Get(StoppedKey(id)));
  if (stopped) return Unavailable("dataset {} takes no blocks: {}", id.ToString(), stopped->value);
  return Ok();
}

// The rows of one block, and the counters of its slice.
Status Index(control::Transaction& transaction, const odf::DatasetId& id, ChainRecord& record,
             const BlockRow& row, const odf::MetadataEvent& event, ByteView bytes,
             const slices::SliceFacts* facts) {
  RETURN_IF_ERROR(transaction.Put(BlockKey(id, row.sequence_number), Encode(row)));
  RETURN_IF_ERROR(transaction.Put(HashKey(id, row.hash), std::to_string(row.sequence_number)));
  const bool is_step = std::holds_alternative<odf::ExecuteTransform>(event.value);
  if (is_step || !IsData(event)) {
    const control::Key key =
        is_step ? StepBlockKey(id, row.sequence_number) : MetadataBlockKey(id, row.sequence_number);
    RETURN_IF_ERROR(transaction.Put(key, std::string(AsText(bytes))));
  }
  const odf::DataSlice* slice = SliceOf(event);
  if (slice == nullptr) return Ok();
  CountSlice(event, record);
  const SliceRow slice_row{.sequence_number = row.sequence_number,
                           .slice = *slice,
                           .facts = facts == nullptr ? slices::SliceFacts{} : *facts};
  return transaction.Put(SliceKey(id, slice->offset_interval.start), Encode(slice_row));
}

Status PutPendingSlice(control::Transaction& transaction, const odf::DatasetId& id,
                       const NewBlock& block) {
  const odf::DataSlice* slice = SliceOf(block.event);
  if ((slice != nullptr) != block.slice.has_value()) {
    return Internal("a block and its slice do not belong together");
  }
  if (slice == nullptr || !block.slice->content) return Ok();
  if (block.slice->content->size() > kMostPendingBytes) {
    return Internal("a slice of {} bytes is too large to be pending", block.slice->content->size());
  }
  return transaction.Put(PendingSliceKey(id, slice->physical_hash), *block.slice->content);
}

Status AppendOne(control::Transaction& transaction, const AppendRequest& request,
                 const NewBlock& given, ChainRecord& record) {
  const bool is_first = !record.chain.head.has_value();
  const odf::MetadataBlock block{.system_time = request.system_time,
                                 .prev_block_hash = record.chain.head,
                                 .sequence_number = is_first ? 0 : record.chain.sequence_number + 1,
                                 .event = given.event};
  const Bytes bytes = odf::EncodeBlock(block);
  const Multihash hash = odf::HashOfBlock(bytes);
  RETURN_IF_ERROR(odf::AppendToChain(record.chain, hash, block, odf::Strictness::kOurs));
  RETURN_IF_ERROR(PutPendingSlice(transaction, request.id, given));
  RETURN_IF_ERROR(transaction.Put(PendingBlockKey(request.id, block.sequence_number),
                                  std::string(AsText(bytes))));
  const BlockRow row{.sequence_number = block.sequence_number,
                     .hash = hash,
                     .system_time = block.system_time,
                     .event = std::string(KindOf(given.event)),
                     .size = bytes.size(),
                     .watermark = record.chain.watermark};
  return Index(transaction, request.id, record, row, given.event, bytes,
               given.slice ? &given.slice->facts : nullptr);
}

}  // namespace

void CountSlice(const odf::MetadataEvent& event, ChainRecord& record) {
  const odf::DataSlice* slice = SliceOf(event);
  if (slice == nullptr) return;
  record.slices += 1;
  record.bytes += slice->size;
  record.records += slice->offset_interval.end - slice->offset_interval.start + 1;
}

std::string Announcement(const odf::DatasetId& id, const odf::ChainState& chain) {
  json::object event{
      {"id", id.ToString()}, {"head", chain.head->ToText()}, {"sequence", chain.sequence_number}};
  if (chain.last_offset) event["lastOffset"] = *chain.last_offset;
  return json::serialize(event);
}

Result<ChainRecord> AppendBlocks(control::Transaction& transaction, const AppendRequest& request) {
  RETURN_IF_ERROR(CheckRunning(transaction, request.id));
  auto found = ReadChainRecord(transaction, request.id);
  const bool may_begin = !request.expected_head;
  if (!found && !(may_begin && found.error().code == ErrorCode::kNotFound)) return found.error();
  ChainRecord record = found ? *std::move(found) : ChainRecord();
  RETURN_IF_ERROR(CheckHead(request.id, record, request.expected_head));
  bool in_force_changed = false;
  for (const NewBlock& block : request.blocks) {
    RETURN_IF_ERROR(AppendOne(transaction, request, block, record));
    in_force_changed = in_force_changed || !IsData(block.event);
  }
  if (request.blocks.empty()) return record;
  RETURN_IF_ERROR(PutChainRecord(transaction, request.id, record, in_force_changed));
  RETURN_IF_ERROR(transaction.Emit(kCommitted, Announcement(request.id, record.chain)));
  return record;
}

Status AdoptBlock(control::Transaction& transaction, const odf::DatasetId& id, ChainRecord& record,
                  const FoundBlock& found, std::vector<std::string>* warnings) {
  RETURN_IF_ERROR(odf::AppendToChain(record.chain, found.hash, found.block,
                                     odf::Strictness::kForeign, warnings));
  const BlockRow row{.sequence_number = found.block.sequence_number,
                     .hash = found.hash,
                     .system_time = found.block.system_time,
                     .event = std::string(KindOf(found.block.event)),
                     .size = found.bytes.size(),
                     .watermark = record.chain.watermark};
  return Index(transaction, id, record, row, found.block.event, found.bytes,
               found.facts ? &*found.facts : nullptr);
}

Status PutChainRecord(control::Transaction& transaction, const odf::DatasetId& id,
                      const ChainRecord& record, bool in_force_changed) {
  RETURN_IF_ERROR(transaction.Put(HeadKey(id), EncodeHead(record)));
  if (!in_force_changed) return Ok();
  return transaction.Put(InForceKey(id), EncodeInForce(record.chain));
}

}  // namespace weir::datasets
