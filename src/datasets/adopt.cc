#include "datasets/adopt.h"

#include <algorithm>
#include <span>

#include "datasets/found_chain.h"
#include "datasets/keys.h"

namespace weir::datasets {
namespace {

constexpr std::size_t kBlocksAtOnce = 256;

// Blocks that were found go into the index a few hundred at a time: any first part of a chain is a
// chain, so an interruption leaves a record that is only older.
class Adoption {
 public:
  Adoption(const Context& context, ChainStore& chains, const odf::DatasetId& id, ChainRecord record)
      : context_(context), chains_(chains), id_(id), record_(std::move(record)) {}

  Status Adopt(std::span<const Multihash> hashes) {
    while (!hashes.empty()) {
      const std::size_t count = std::min(hashes.size(), kBlocksAtOnce);
      RETURN_IF_ERROR(AdoptSome(hashes.first(count)));
      hashes = hashes.subspan(count);
    }
    return Ok();
  }

  const ChainRecord& record() const { return record_; }
  std::vector<std::string> TakeWarnings() { return std::move(warnings_); }

 private:
  Status AdoptSome(std::span<const Multihash> hashes) {
    std::vector<FoundBlock> blocks;
    const Repository repository = chains_.RepositoryOf(id_);
    odf::SetVocab vocab = record_.chain.vocab;
    for (const Multihash& hash : hashes) {
      ASSIGN_OR_RETURN(FoundBlock block, ReadFoundBlock(context_, repository, hash, vocab));
      if (const auto* set = std::get_if<odf::SetVocab>(&block.block.event.value)) vocab = *set;
      blocks.push_back(std::move(block));
    }
    ChainRecord after;
    std::vector<std::string> warnings;
    const auto revision = chains_.store().Transact(context_, [&](control::Transaction& all) {
      after = record_;
      warnings.clear();
      return Write(all, blocks, after, warnings);
    });
    if (!revision) return revision.error();
    record_ = std::move(after);
    warnings_.insert(warnings_.end(), warnings.begin(), warnings.end());
    return Ok();
  }

  Status Write(control::Transaction& transaction, const std::vector<FoundBlock>& blocks,
               ChainRecord& record, std::vector<std::string>& warnings) const {
    ASSIGN_OR_RETURN(const auto head, transaction.Get(HeadKey(id_)));
    const std::string expected = record.chain.head ? EncodeHead(record) : "";
    if ((head ? head->value : "") != expected) {
      return Conflict("dataset {} was appended to meanwhile", id_.ToString());
    }
    for (const FoundBlock& block : blocks) {
      RETURN_IF_ERROR(AdoptBlock(transaction, id_, record, block, &warnings));
    }
    return PutChainRecord(transaction, id_, record, true);
  }

  const Context& context_;
  ChainStore& chains_;
  const odf::DatasetId id_;
  ChainRecord record_;
  std::vector<std::string> warnings_;
};

Result<Reconciled> Stop(const Context& context, ChainStore& chains, const odf::DatasetId& id,
                        const Multihash& ours, const Multihash& theirs) {
  Reconciled stopped{.outcome = Reconciled::Outcome::kStopped,
                     .reason = fmt::format("its repository has head {}, we committed {}, and "
                                           "neither is an ancestor of the other",
                                           theirs.ToText(), ours.ToText())};
  const auto revision = chains.store().Transact(context, [&](control::Transaction& transaction) {
    return transaction.Put(StoppedKey(id), stopped.reason);
  });
  if (!revision) return revision.error();
  return stopped;
}

// Removes everything the control store knows of the chain, a page at a time.
Status Forget(const Context& context, control::Store& store, const odf::DatasetId& id) {
  const control::Key prefixes[] = {HeadKey(id),          InForceKey(id), BlocksKey(id),
                                   HashesKey(id),        SlicesKey(id),  StoppedKey(id),
                                   MetadataBlocksKey(id)};
  for (const control::Key& prefix : prefixes) {
    for (bool more = true; more;) {
      const auto revision =
          store.Transact(context, [&](control::Transaction& transaction) -> Status {
            ASSIGN_OR_RETURN(const auto entries, transaction.Scan(prefix));
            for (const auto& entry : entries) RETURN_IF_ERROR(transaction.Delete(entry.key));
            more = !entries.empty();
            return Ok();
          });
      if (!revision) return revision.error();
    }
  }
  return Ok();
}

Status CheckSeed(const Context& context, const Repository& repository, const Multihash& first,
                 const odf::DatasetId& id) {
  ASSIGN_OR_RETURN(const FoundBlock block, ReadFoundBlock(context, repository, first, {}));
  const auto* seed = std::get_if<odf::Seed>(&block.block.event.value);
  if (seed != nullptr && seed->dataset_id == id) return Ok();
  return Corrupt("{} holds dataset {}, not {}", repository.ToString(),
                 seed == nullptr ? "none" : seed->dataset_id.ToString(), id.ToString());
}

}  // namespace

Result<Reconciled> Reconcile(const Context& context, ChainStore& chains, const odf::DatasetId& id) {
  ASSIGN_OR_RETURN(ChainRecord record, chains.Read(context, id));
  const Repository repository = chains.RepositoryOf(id);
  ASSIGN_OR_RETURN(const auto theirs, repository.Head(context));
  const Multihash ours = record.chain.head.value();
  if (!theirs || *theirs == ours) return Reconciled{};

  const auto is_known = [&](const Multihash& hash) -> Result<bool> {
    const auto row = chains.FindBlock(context, id, hash);
    if (!row && row.error().code != ErrorCode::kNotFound) return row.error();
    return bool(row);
  };
  ASSIGN_OR_RETURN(const bool is_behind, is_known(*theirs));
  if (is_behind) {
    RETURN_IF_ERROR(chains.Publish(context, id));
    RETURN_IF_ERROR(repository.SetHead(context, ours));
    return Reconciled{.outcome = Reconciled::Outcome::kPublishedAgain};
  }
  ASSIGN_OR_RETURN(const FoundChain found, WalkBack(context, repository, *theirs, is_known));
  if (found.stands_on != ours) return Stop(context, chains, id, ours, *theirs);
  Adoption adoption(context, chains, id, std::move(record));
  RETURN_IF_ERROR(adoption.Adopt(found.hashes));
  return Reconciled{.outcome = Reconciled::Outcome::kAdopted,
                    .blocks = found.hashes.size(),
                    .warnings = adoption.TakeWarnings()};
}

Result<ChainRecord> RebuildIndex(const Context& context, ChainStore& chains,
                                 const odf::DatasetId& id) {
  RETURN_IF_ERROR(chains.Publish(context, id));
  const Repository repository = chains.RepositoryOf(id);
  ASSIGN_OR_RETURN(const auto head, repository.Head(context));
  if (!head) return NotFound("{} holds no dataset: it has no refs/head", repository.ToString());
  const auto none_is_known = [](const Multihash&) -> Result<bool> { return false; };
  ASSIGN_OR_RETURN(const FoundChain found, WalkBack(context, repository, *head, none_is_known));
  RETURN_IF_ERROR(CheckSeed(context, repository, found.hashes.front(), id));
  RETURN_IF_ERROR(Forget(context, chains.store(), id));
  Adoption adoption(context, chains, id, {});
  RETURN_IF_ERROR(adoption.Adopt(found.hashes));
  return adoption.record();
}

}  // namespace weir::datasets
