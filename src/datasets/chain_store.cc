#include "datasets/chain_store.h"

#include "base/memory_file.h"
#include "datasets/directory.h"
#include "datasets/keys.h"
#include "datasets/publish.h"

namespace weir::datasets {
namespace {

std::string NameIn(control::Snapshot& snapshot, const odf::DatasetId& id) {
  const auto entry = FindDataset(snapshot, id);
  return entry ? entry->name : id.ToString();
}

Error NoSuchBlock(control::Snapshot& snapshot, const odf::DatasetId& id, std::string_view which) {
  return NotFound("dataset {} has no block {}", NameIn(snapshot, id), which);
}

Result<BlockRow> BlockAt(control::Snapshot& snapshot, const odf::DatasetId& id,
                         std::uint64_t sequence_number) {
  ASSIGN_OR_RETURN(const auto entry, snapshot.Get(BlockKey(id, sequence_number)));
  if (!entry) return NoSuchBlock(snapshot, id, std::to_string(sequence_number));
  return DecodeBlockRow(entry->value);
}

template <typename Row>
Result<std::vector<Row>> ScanRows(control::Snapshot& snapshot, const control::Key& prefix,
                                  const control::ScanOptions& options,
                                  Result<Row> (*decode)(std::string_view)) {
  ASSIGN_OR_RETURN(const auto entries, snapshot.Scan(prefix, options));
  std::vector<Row> rows;
  for (const control::Entry& entry : entries) {
    ASSIGN_OR_RETURN(Row row, decode(entry.value));
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

Result<ChainRecord> ChainStore::Append(const Context& context, const AppendRequest& request) {
  ChainRecord record;
  const auto revision = store_.Transact(context, [&](control::Transaction& transaction) -> Status {
    ASSIGN_OR_RETURN(record, AppendBlocks(transaction, request));
    return Ok();
  });
  if (!revision) return revision.error();
  return record;
}

Result<ChainRecord> ChainStore::Read(const Context& context, const odf::DatasetId& id) {
  ASSIGN_OR_RETURN(const auto snapshot, store_.Read(context));
  return ReadChainRecord(*snapshot, id);
}

Result<std::vector<odf::DatasetId>> ChainStore::List(const Context& context) {
  ASSIGN_OR_RETURN(const auto snapshot, store_.Read(context));
  std::vector<odf::DatasetId> ids;
  control::ScanOptions page;
  while (true) {
    ASSIGN_OR_RETURN(const auto entries, snapshot->Scan(HeadsKey(), page));
    for (const control::Entry& entry : entries) {
      ASSIGN_OR_RETURN(const odf::DatasetId id, IdIn(entry.key));
      ids.push_back(id);
    }
    if (entries.size() < page.limit) return ids;
    page.after = entries.back().key;
  }
}

Result<std::vector<BlockRow>> ChainStore::ScanBlocks(const Context& context,
                                                     const odf::DatasetId& id, const RowPage& page,
                                                     bool reverse) {
  ASSIGN_OR_RETURN(const auto snapshot, store_.Read(context));
  control::ScanOptions options{.limit = page.limit, .reverse = reverse};
  if (page.after) options.after = BlockKey(id, *page.after);
  return ScanRows(*snapshot, BlocksKey(id), options, DecodeBlockRow);
}

Result<std::vector<BlockRow>> ChainStore::BlocksBack(const Context& context,
                                                     const odf::DatasetId& id,
                                                     const RowPage& page) {
  return ScanBlocks(context, id, page, true);
}

Result<std::vector<BlockRow>> ChainStore::Blocks(const Context& context, const odf::DatasetId& id,
                                                 const RowPage& page) {
  return ScanBlocks(context, id, page, false);
}

Result<BlockRow> ChainStore::FindBlock(const Context& context, const odf::DatasetId& id,
                                       const Multihash& hash) {
  ASSIGN_OR_RETURN(const auto snapshot, store_.Read(context));
  ASSIGN_OR_RETURN(const auto entry, snapshot->Get(HashKey(id, hash)));
  if (!entry) return NoSuchBlock(*snapshot, id, hash.ToText());
  return BlockAt(*snapshot, id, std::strtoull(entry->value.c_str(), nullptr, 10));
}

Result<BlockRow> ChainStore::FindBlock(const Context& context, const odf::DatasetId& id,
                                       std::uint64_t sequence_number) {
  ASSIGN_OR_RETURN(const auto snapshot, store_.Read(context));
  return BlockAt(*snapshot, id, sequence_number);
}

Result<BlockRow> ChainStore::FindBlock(const Context& context, const odf::DatasetId& id,
                                       Timestamp time) {
  ASSIGN_OR_RETURN(const auto snapshot, store_.Read(context));
  ASSIGN_OR_RETURN(const ChainRecord record, ReadChainRecord(*snapshot, id));
  // System times never go back, so the last block that is not after `time` is found by halving.
  std::uint64_t low = 0;  // blocks below it are not after `time`
  std::uint64_t high = record.chain.sequence_number + 1;
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    ASSIGN_OR_RETURN(const BlockRow row, BlockAt(*snapshot, id, middle));
    if (row.system_time <= time) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == 0) return NoSuchBlock(*snapshot, id, "at " + FormatTimestamp(time));
  return BlockAt(*snapshot, id, low - 1);
}

Result<std::vector<SliceRow>> ChainStore::Slices(const Context& context, const odf::DatasetId& id,
                                                 const RowPage& page) {
  ASSIGN_OR_RETURN(const auto snapshot, store_.Read(context));
  control::ScanOptions options{.limit = page.limit};
  if (page.after) options.after = SliceKey(id, *page.after);
  return ScanRows(*snapshot, SlicesKey(id), options, DecodeSliceRow);
}

Result<SliceRow> ChainStore::FindSlice(const Context& context, const odf::DatasetId& id,
                                       std::uint64_t offset) {
  ASSIGN_OR_RETURN(const auto snapshot, store_.Read(context));
  const control::ScanOptions newest{.after = SliceKey(id, offset + 1), .limit = 1, .reverse = true};
  ASSIGN_OR_RETURN(const auto rows, ScanRows(*snapshot, SlicesKey(id), newest, DecodeSliceRow));
  if (!rows.empty() && offset <= rows.front().slice.offset_interval.end) return rows.front();
  return NotFound("dataset {} has no row at offset {}", NameIn(*snapshot, id), offset);
}

Result<odf::ChainState> ChainStore::InForce(const Context& context, const odf::DatasetId& id,
                                            std::uint64_t sequence_number) {
  ASSIGN_OR_RETURN(const auto snapshot, store_.Read(context));
  return InForceAt(*snapshot, id, sequence_number);
}

Result<std::vector<SetSchema>> ChainStore::Schemas(const Context& context,
                                                   const odf::DatasetId& id) {
  ASSIGN_OR_RETURN(const auto snapshot, store_.Read(context));
  return SchemasOf(*snapshot, id);
}

Result<Bytes> ChainStore::ReadBlock(const Context& context, const odf::DatasetId& id,
                                    const BlockRow& block) {
  {
    ASSIGN_OR_RETURN(const auto snapshot, store_.Read(context));
    ASSIGN_OR_RETURN(const auto entry, snapshot->Get(PendingBlockKey(id, block.sequence_number)));
    if (entry && Multihash::Sha3Of(AsBytes(entry->value)) == block.hash) {
      return ToBytes(entry->value);
    }
  }
  return RepositoryOf(id).Block(context, block.hash);
}

Result<std::optional<Bytes>> ChainStore::KeptBlock(const Context& context, const odf::DatasetId& id,
                                                   const BlockRow& block) {
  ASSIGN_OR_RETURN(const auto snapshot, store_.Read(context));
  for (const control::Key& key :
       {PendingBlockKey(id, block.sequence_number), MetadataBlockKey(id, block.sequence_number),
        StepBlockKey(id, block.sequence_number)}) {
    ASSIGN_OR_RETURN(const auto entry, snapshot->Get(key));
    if (entry && Multihash::Sha3Of(AsBytes(entry->value)) == block.hash) {
      return std::optional(ToBytes(entry->value));
    }
  }
  return std::optional<Bytes>();
}

Result<std::shared_ptr<const ReadableFile>> ChainStore::OpenSlice(const Context& context,
                                                                  const odf::DatasetId& id,
                                                                  const odf::DataSlice& slice) {
  {
    ASSIGN_OR_RETURN(const auto snapshot, store_.Read(context));
    ASSIGN_OR_RETURN(auto entry, snapshot->Get(PendingSliceKey(id, slice.physical_hash)));
    if (entry) return FileOf(std::move(entry->value));
  }
  auto file = RepositoryOf(id).OpenSlice(context, slice.physical_hash);
  if (file || file.error().code != ErrorCode::kNotFound) return file;
  ASSIGN_OR_RETURN(const auto snapshot, store_.Read(context));
  return Corrupt("a slice of {} is lost: {}", NameIn(*snapshot, id), file.error().message)
      .WithHint(
          "weir rebuild computes the slices of derivatives again; a root's are in a backup, or "
          "where it was pulled from");
}

Status ChainStore::Publish(const Context& context, const odf::DatasetId& id) {
  const std::scoped_lock lock(publishing_);
  return datasets::Publish(context, store_, RepositoryOf(id), id);
}

Status ChainStore::PublishHead(const Context& context, const odf::DatasetId& id) {
  const std::scoped_lock lock(publishing_);
  RETURN_IF_ERROR(datasets::Publish(context, store_, RepositoryOf(id), id));
  std::optional<Multihash> head;
  {
    ASSIGN_OR_RETURN(const auto snapshot, store_.Read(context));
    ASSIGN_OR_RETURN(const auto pending, snapshot->Scan(PendingKey(id), {.limit = 1}));
    if (!pending.empty()) return Ok();  // came meanwhile; the head follows when it is published
    ASSIGN_OR_RETURN(const ChainRecord record, ReadChainRecord(*snapshot, id));
    head = record.chain.head;
  }
  return RepositoryOf(id).SetHead(context, *head);
}

Result<std::shared_ptr<const ReadableFile>> ChainStore::OpenCheckedSlice(
    const Context& context, const odf::DatasetId& id, const SliceInGroup& wanted) {
  return checked_.OpenChecked(
      context, wanted, [&](const odf::DataSlice& slice) { return OpenSlice(context, id, slice); });
}

Status ChainStore::PublishAll(const Context& context) {
  std::vector<odf::DatasetId> ids;
  {
    ASSIGN_OR_RETURN(const auto snapshot, store_.Read(context));
    control::ScanOptions next{.limit = 1};
    while (true) {  // one entry of each dataset
      ASSIGN_OR_RETURN(const auto entries, snapshot->Scan(PendingKey(), next));
      if (entries.empty()) break;
      ASSIGN_OR_RETURN(const odf::DatasetId id, IdIn(entries.front().key));
      ids.push_back(id);
      next.after = PendingKey(id).With("~");  // after "block" and "slice"
    }
  }
  Status first = Ok();
  for (const odf::DatasetId& id : ids) {
    Status published = Publish(context, id);
    if (first && !published) first = std::move(published);
  }
  return first;
}

}  // namespace weir::datasets
