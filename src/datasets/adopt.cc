#include "datasets/adopt.h"

#include "datasets/adoption.h"
#include "datasets/found_chain.h"
#include "datasets/inherited_tags.h"
#include "datasets/keys.h"

namespace weir::datasets {
namespace {

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

// Removes the entries that continue `prefix`, a page at a time.
Status RemoveAll(const Context& context, control::Store& store, const control::Key& prefix) {
  for (bool more = true; more;) {
    const auto revision = store.Transact(context, [&](control::Transaction& transaction) -> Status {
      ASSIGN_OR_RETURN(const auto entries, transaction.Scan(prefix));
      for (const auto& entry : entries) RETURN_IF_ERROR(transaction.Delete(entry.key));
      more = !entries.empty();
      return Ok();
    });
    if (!revision) return revision.error();
  }
  return Ok();
}

// Whether it is the head of the history that we replaced last, and a crash came before refs/head.
Result<bool> WasReplaced(const Context& context, ChainStore& chains, const odf::DatasetId& id,
                         const Multihash& head) {
  ASSIGN_OR_RETURN(const auto snapshot, chains.store().Read(context));
  ASSIGN_OR_RETURN(const auto replaced, snapshot->Get(ReplacedHeadKey(id)));
  return replaced && replaced->value == head.ToText();
}

Status CheckSeed(const Context& context, const Repository& repository, const FoundLink& first,
                 const odf::DatasetId& id) {
  ASSIGN_OR_RETURN(const FoundBlock block, DecodeFound(context, repository, first));
  const auto* seed = std::get_if<odf::Seed>(&block.block.event.value);
  if (seed != nullptr && seed->dataset_id == id) return Ok();
  return Corrupt("{} holds dataset {}, not {}", repository.ToString(),
                 seed == nullptr ? "none" : seed->dataset_id.ToString(), id.ToString());
}

}  // namespace

Status ForgetIndex(const Context& context, control::Store& store, const odf::DatasetId& id) {
  const control::Key prefixes[] = {HeadKey(id),           InForceKey(id),   BlocksKey(id),
                                   HashesKey(id),         SlicesKey(id),    StoppedKey(id),
                                   MetadataBlocksKey(id), StepBlocksKey(id)};
  for (const control::Key& prefix : prefixes) {
    RETURN_IF_ERROR(RemoveAll(context, store, prefix));
  }
  return Ok();
}

Result<Reconciled> Reconcile(const Context& context, ChainStore& chains, const odf::DatasetId& id) {
  ASSIGN_OR_RETURN(ChainRecord record, chains.Read(context, id));
  const Repository repository = chains.RepositoryOf(id);
  ASSIGN_OR_RETURN(const auto theirs, repository.Head(context));
  const Multihash ours = record.chain.head.value();
  if (theirs == ours) return Reconciled{};
  if (!theirs) {
    RETURN_IF_ERROR(chains.Publish(context, id));
    ASSIGN_OR_RETURN(const auto block, repository.SizeOf(context, Repository::Part::kBlock, ours));
    // A head without its block would look like a dataset to other tools.
    if (!block) return Reconciled{.outcome = Reconciled::Outcome::kMissing};
    RETURN_IF_ERROR(chains.PublishHead(context, id));
    return Reconciled{.outcome = Reconciled::Outcome::kPublishedAgain};
  }

  ASSIGN_OR_RETURN(const bool is_replaced, WasReplaced(context, chains, id, *theirs));
  if (is_replaced) {
    RETURN_IF_ERROR(chains.PublishHead(context, id));
    return Reconciled{.outcome = Reconciled::Outcome::kPublishedAgain};
  }
  const auto is_known = [&](const Multihash& hash) -> Result<bool> {
    const auto row = chains.FindBlock(context, id, hash);
    if (!row && row.error().code != ErrorCode::kNotFound) return row.error();
    return bool(row);
  };
  ASSIGN_OR_RETURN(const bool is_behind, is_known(*theirs));
  if (is_behind) {
    RETURN_IF_ERROR(chains.PublishHead(context, id));
    return Reconciled{.outcome = Reconciled::Outcome::kPublishedAgain};
  }
  ASSIGN_OR_RETURN(const FoundChain found, WalkBack(context, repository, *theirs, is_known));
  if (found.stands_on != ours) return Stop(context, chains, id, ours, *theirs);
  Adoption adoption(context, chains, id, std::move(record));
  RETURN_IF_ERROR(adoption.Adopt(found.links));
  return Reconciled{.outcome = Reconciled::Outcome::kAdopted,
                    .blocks = found.links.size(),
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
  RETURN_IF_ERROR(CheckSeed(context, repository, found.links.front(), id));
  RETURN_IF_ERROR(ForgetIndex(context, chains.store(), id));
  Adoption adoption(context, chains, id, {});
  RETURN_IF_ERROR(adoption.Adopt(found.links));
  return adoption.record();
}

Status ForgetDataset(const Context& context, ChainStore& chains, const odf::DatasetId& id) {
  RETURN_IF_ERROR(ForgetIndex(context, chains.store(), id));
  const control::Key prefixes[] = {PendingKey(id),    OriginKey(id),       PinsKey(id),
                                   VerifiedKey(id),   SigningKeyKey(id),   DerivativeKey(id),
                                   GoneKey(id),       PushedKey(id),       PullFailureKey(id),
                                   ContractKey(id),   ChecksKey(id),       RefusalKey(id),
                                   QuarantineKey(id), ReplacedHeadKey(id), InheritedTagsKey(id)};
  for (const control::Key& prefix : prefixes) {
    RETURN_IF_ERROR(RemoveAll(context, chains.store(), prefix));
  }
  return Ok();
}

Result<ChainRecord> ReplaceChain(const Context& context, ChainStore& chains,
                                 const odf::DatasetId& id, const FoundChain& found) {
  RETURN_IF_ERROR(chains.Publish(context, id));
  // From here on refs/head leads to the new chain, and RebuildIndex would finish what is begun.
  RETURN_IF_ERROR(chains.RepositoryOf(id).SetHead(context, found.links.back().hash));
  RETURN_IF_ERROR(ForgetIndex(context, chains.store(), id));
  Adoption adoption(context, chains, id, {});
  RETURN_IF_ERROR(adoption.Adopt(found.links));
  return adoption.record();
}

}  // namespace weir::datasets
