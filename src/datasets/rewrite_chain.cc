#include "datasets/rewrite_chain.h"

#include "datasets/adopt.h"
#include "datasets/block_slice.h"
#include "datasets/found_chain.h"
#include "datasets/keys.h"
#include "odf/codec.h"

namespace weir::datasets {
namespace {

// A block that goes, and what the index has of it.
struct OldBlock {
  std::uint64_t sequence_number = 0;
  Multihash hash = {};
};

class Rewrite {
 public:
  Rewrite(const Context& context, ChainStore& chains, const odf::DatasetId& id,
          const Rewriting& rewriting)
      : context_(context), chains_(chains), id_(id), rewriting_(rewriting) {}

  Result<ChainRecord> Run() {
    RETURN_IF_ERROR(chains_.Publish(context_, id_));
    ASSIGN_OR_RETURN(before_, RecordAfter(context_, chains_, id_, rewriting_.kept));
    RETURN_IF_ERROR(PutTail());
    RETURN_IF_ERROR(ListOld());
    ChainRecord record;
    const auto revision =
        chains_.store().Transact(context_, [&](control::Transaction& transaction) -> Status {
          ASSIGN_OR_RETURN(record, Swap(transaction));
          return Ok();
        });
    if (!revision && revision.error().code == ErrorCode::kExhausted) return ReplaceWhole();
    if (!revision) return revision.error();
    RETURN_IF_ERROR(chains_.PublishHead(context_, id_));
    return record;
  }

 private:
  // The new blocks, in the repository before anything leads to them.
  Status PutTail() {
    const Repository repository = chains_.RepositoryOf(id_);
    odf::ChainState chain = before_.chain;
    for (const RewrittenBlock& each : rewriting_.tail) {
      RETURN_IF_ERROR(context_.Check());
      FoundBlock found{.facts = each.facts};
      found.block = {.system_time = each.system_time,
                     .prev_block_hash = chain.head,
                     .sequence_number = chain.head ? chain.sequence_number + 1 : 0,
                     .event = each.event};
      found.bytes = odf::EncodeBlock(found.block);
      found.hash = odf::HashOfBlock(found.bytes);
      RETURN_IF_ERROR(
          odf::AppendToChain(chain, found.hash, found.block, odf::Strictness::kForeign));
      RETURN_IF_ERROR(repository.PutBlock(context_, found.hash, found.bytes));
      tail_.push_back(std::move(found));
    }
    return Ok();
  }

  Status ListOld() {
    RowPage page;
    if (rewriting_.kept > 0) page.after = rewriting_.kept - 1;
    for (;;) {
      ASSIGN_OR_RETURN(const auto rows, chains_.Blocks(context_, id_, page));
      for (const BlockRow& row : rows) old_.push_back({row.sequence_number, row.hash});
      if (rows.size() < page.limit) break;
      page.after = rows.back().sequence_number;
    }
    page.after = before_.chain.last_offset;
    for (;;) {
      ASSIGN_OR_RETURN(const auto rows, chains_.Slices(context_, id_, page));
      for (const SliceRow& row : rows) old_slices_.push_back(row.slice.offset_interval.start);
      if (rows.size() < page.limit) return Ok();
      page.after = rows.back().slice.offset_interval.end;
    }
  }

  Result<ChainRecord> Swap(control::Transaction& transaction) {
    ASSIGN_OR_RETURN(const auto head, transaction.Get(HeadKey(id_)));
    if (!head) return NotFound("there is no dataset {}", id_.ToString());
    ASSIGN_OR_RETURN(const Multihash present, HeadIn(id_, head->value));
    if (present != rewriting_.expected_head) {
      return Conflict("dataset {} was appended to meanwhile", id_.ToString()).WithHint("try again");
    }
    RETURN_IF_ERROR(RemoveOld(transaction));
    ChainRecord record = before_;
    for (const FoundBlock& block : tail_) {
      RETURN_IF_ERROR(AdoptBlock(transaction, id_, record, block, nullptr));
    }
    // refs/head may lead to the old history until it is published.
    RETURN_IF_ERROR(transaction.Put(ReplacedHeadKey(id_), present.ToText()));
    RETURN_IF_ERROR(transaction.Delete(VerifiedKey(id_)));
    RETURN_IF_ERROR(PutChainRecord(transaction, id_, record, true));
    RETURN_IF_ERROR(transaction.Emit(kCommitted, Announcement(id_, record.chain)));
    return record;
  }

  Status RemoveOld(control::Transaction& transaction) {
    for (const OldBlock& block : old_) {
      for (const control::Key& key :
           {BlockKey(id_, block.sequence_number), HashKey(id_, block.hash),
            MetadataBlockKey(id_, block.sequence_number),
            StepBlockKey(id_, block.sequence_number)}) {
        RETURN_IF_ERROR(transaction.Delete(key));
      }
    }
    for (const std::uint64_t first : old_slices_) {
      RETURN_IF_ERROR(transaction.Delete(SliceKey(id_, first)));
    }
    return Ok();
  }

  // Too much for a transaction.
  Result<ChainRecord> ReplaceWhole() {
    FoundChain found;
    for (RowPage page; found.links.size() < rewriting_.kept;) {
      ASSIGN_OR_RETURN(const auto rows, chains_.Blocks(context_, id_, page));
      for (const BlockRow& row : rows) {
        if (row.sequence_number < rewriting_.kept) found.links.push_back({.hash = row.hash});
      }
      page.after = rows.back().sequence_number;
    }
    for (FoundBlock& block : tail_) {
      found.links.push_back({.hash = block.hash, .facts = std::move(block.facts)});
    }
    ASSIGN_OR_RETURN(const ChainRecord now, chains_.Read(context_, id_));
    if (now.chain.head != rewriting_.expected_head) {
      return Conflict("dataset {} was appended to meanwhile", id_.ToString()).WithHint("try again");
    }
    return ReplaceChain(context_, chains_, id_, found);
  }

  const Context& context_;
  ChainStore& chains_;
  const odf::DatasetId& id_;
  const Rewriting& rewriting_;
  ChainRecord before_;
  std::vector<FoundBlock> tail_;
  std::vector<OldBlock> old_;
  std::vector<std::uint64_t> old_slices_;  // their first offsets
};

}  // namespace

Result<ChainRecord> RewriteChain(const Context& context, ChainStore& chains,
                                 const odf::DatasetId& id, const Rewriting& rewriting) {
  return Rewrite(context, chains, id, rewriting).Run();
}

Result<ChainRecord> RecordAfter(const Context& context, ChainStore& chains,
                                const odf::DatasetId& id, std::uint64_t count) {
  ChainRecord record;
  for (RowPage page;;) {
    ASSIGN_OR_RETURN(const auto rows, chains.Blocks(context, id, page));
    for (const BlockRow& row : rows) {
      if (row.sequence_number >= count) return record;
      RETURN_IF_ERROR(context.Check());
      ASSIGN_OR_RETURN(const Bytes bytes, chains.ReadBlock(context, id, row));
      ASSIGN_OR_RETURN(const odf::DecodedBlock decoded, odf::DecodeBlock(bytes));
      RETURN_IF_ERROR(
          odf::AppendToChain(record.chain, row.hash, decoded.block, odf::Strictness::kForeign));
      CountSlice(decoded.block.event, record);
    }
    if (rows.size() < page.limit) return record;
    page.after = rows.back().sequence_number;
  }
}

}  // namespace weir::datasets
