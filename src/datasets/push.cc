#include "datasets/found_chain.h"
#include "datasets/transfer.h"
#include "datasets/transfer_progress.h"

namespace weir::datasets {
namespace {

class PushRun {
 public:
  PushRun(const Context& context, ChainStore& chains, const odf::DatasetId& id,
          const Repository& to, const PushOptions& options)
      : context_(context),
        chains_(chains),
        id_(id),
        to_(to),
        options_(options),
        progress_(options.transfer) {}

  Result<Transferred> Run() {
    ASSIGN_OR_RETURN(const ChainRecord record, chains_.Read(context_, id_));
    RETURN_IF_ERROR(chains_.Publish(context_, id_));
    ASSIGN_OR_RETURN(const auto theirs, to_.Head(context_));
    const Multihash ours = record.chain.head.value();
    if (theirs != ours) {
      ASSIGN_OR_RETURN(const auto last, CommonBlock(theirs));
      RETURN_IF_ERROR(Send(last, record.chain.sequence_number));
      RETURN_IF_ERROR(MoveHead(theirs, ours));
    }
    if (!options_.alias.empty()) RETURN_IF_ERROR(PutAlias());
    return progress_.so_far();
  }

 private:
  Result<std::optional<std::uint64_t>> NumberOf(const Multihash& hash) {
    const auto row = chains_.FindBlock(context_, id_, hash);
    if (row) return std::optional(row->sequence_number);
    if (row.error().code == ErrorCode::kNotFound) return std::optional<std::uint64_t>();
    return row.error();
  }

  // The number of the last block that both have; none: they have nothing of ours.
  Result<std::optional<std::uint64_t>> CommonBlock(const std::optional<Multihash>& theirs) {
    if (!theirs) return std::optional<std::uint64_t>();
    ASSIGN_OR_RETURN(const auto known, NumberOf(*theirs));
    if (known) return known;
    const auto is_ours = [&](const Multihash& hash) -> Result<bool> {
      ASSIGN_OR_RETURN(const auto number, NumberOf(hash));
      return number.has_value();
    };
    ASSIGN_OR_RETURN(const FoundChain found, WalkBack(context_, to_, *theirs, is_ours));
    if (!found.stands_on) RETURN_IF_ERROR(CheckSeed(found.links.front()));
    if (options_.transfer.if_diverged == IfDiverged::kRefuse) {
      return Conflict("{} has head {}, which is none of our blocks", to_.ToString(),
                      theirs->ToText())
          .WithHint("pull first; or --force gives their chain up for ours");
    }
    if (!found.stands_on) return std::optional<std::uint64_t>();
    return NumberOf(*found.stands_on);
  }

  Status CheckSeed(const FoundLink& first) {
    ASSIGN_OR_RETURN(const FoundBlock block, DecodeFound(context_, to_, first));
    const auto* seed = std::get_if<odf::Seed>(&block.block.event.value);
    if (seed != nullptr && seed->dataset_id == id_) return Ok();
    return Conflict("{} holds another dataset{}", to_.ToString(),
                    seed == nullptr ? "" : ", " + seed->dataset_id.ToString());
  }

  // Blocks after `last` up to `end`, a page at a time, their objects before them.
  Status Send(const std::optional<std::uint64_t>& last, std::uint64_t end) {
    const Repository from = chains_.RepositoryOf(id_);
    RowPage page{.after = last};
    for (bool more = true; more;) {
      ASSIGN_OR_RETURN(const auto rows, chains_.Blocks(context_, id_, page));
      std::vector<ObjectToCopy> blocks;
      std::vector<ObjectToCopy> objects;
      for (const BlockRow& row : rows) {
        if (row.sequence_number > end) break;
        blocks.push_back({Repository::Part::kBlock, row.hash, row.size});
        ASSIGN_OR_RETURN(const FoundBlock block, DecodeFound(context_, from, {.hash = row.hash}));
        AddObjectsOf(block.block.event, objects);
      }
      progress_.Expect(objects);
      RETURN_IF_ERROR(CopyObjects(context_, from, to_, std::move(objects),
                                  progress_.ForObjects(Present::kBySize)));
      RETURN_IF_ERROR(CopyObjects(context_, from, to_, std::move(blocks),
                                  progress_.ForBlocks(Present::kBySize)));
      more = rows.size() == page.limit && rows.back().sequence_number < end;
      if (more) page.after = rows.back().sequence_number;
    }
    return Ok();
  }

  Status MoveHead(const std::optional<Multihash>& before, const Multihash& ours) {
    ASSIGN_OR_RETURN(const auto now, to_.Head(context_));
    if (now != before) {
      return Conflict("somebody else has moved the head of {} meanwhile", to_.ToString());
    }
    return to_.SetHead(context_, ours);
  }

  Status PutAlias() {
    ASSIGN_OR_RETURN(const std::string there, to_.Alias(context_));
    return there.empty() ? to_.SetAlias(context_, options_.alias) : Ok();
  }

  const Context& context_;
  ChainStore& chains_;
  const odf::DatasetId& id_;
  const Repository& to_;
  const PushOptions& options_;
  TransferProgress progress_;
};

}  // namespace

Result<Transferred> Push(const Context& context, ChainStore& chains, const odf::DatasetId& id,
                         const Repository& to, const PushOptions& options) {
  return PushRun(context, chains, id, to, options).Run();
}

}  // namespace weir::datasets
