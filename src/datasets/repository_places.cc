#include "datasets/repository_places.h"

#include <algorithm>

#include "datasets/directory.h"
#include "datasets/keys.h"

namespace weir::datasets {
namespace {

bool IsDerivative(const ChainRecord& record) {
  return record.chain.seed->dataset_kind == odf::DatasetKind::kDerivative;
}

Result<bool> HasPending(const Context& context, ChainStore& chains, const odf::DatasetId& id) {
  ASSIGN_OR_RETURN(const auto snapshot, chains.store().Read(context));
  ASSIGN_OR_RETURN(const auto pending, snapshot->Scan(PendingKey(id), {.limit = 1}));
  return !pending.empty();
}

// Whether anything of what we published is there.
Result<bool> IsThere(const Context& context, ChainStore& chains, const odf::DatasetId& id,
                     const ChainRecord& record) {
  const Repository repository = chains.RepositoryOf(id);
  ASSIGN_OR_RETURN(const auto head, repository.Head(context));
  if (head) return true;
  ASSIGN_OR_RETURN(const auto block,
                   repository.SizeOf(context, Repository::Part::kBlock, *record.chain.head));
  return block.has_value();
}

}  // namespace

std::string NameOfDataset(const Context& context, ChainStore& chains, const odf::DatasetId& id) {
  if (const auto snapshot = chains.store().Read(context)) {
    if (const auto entry = FindDataset(**snapshot, id)) return entry->name;
  }
  return id.ToString();
}

Result<MissingRepositories> FindMissing(const Context& context, ChainStore& chains,
                                        SplitStore* split, const std::vector<odf::DatasetId>& ids) {
  MissingRepositories missing;
  for (const odf::DatasetId& id : ids) {
    const auto record = chains.Read(context, id);
    if (!record) continue;  // whoever reads it will say so
    const auto is_there = IsThere(context, chains, id, *record);
    if (!is_there || *is_there) continue;  // a store that does not answer is not a missing one
    if (split != nullptr) {
      ASSIGN_OR_RETURN(const bool is_elsewhere, split->IsWithTheOthers(context, id));
      if (is_elsewhere) {
        return Invalid("the {} {} lies where {} are kept: {}",
                       IsDerivative(*record) ? "derivative" : "root dataset",
                       NameOfDataset(context, chains, id),
                       IsDerivative(*record) ? "roots" : "derivatives", split->ToString())
            .WithHint(
                "datasets.store and datasets.derivatives are exchanged, or were changed before "
                "the folders of the datasets were moved");
      }
    }
    ASSIGN_OR_RETURN(const bool is_pending, HasPending(context, chains, id));
    if (is_pending) continue;
    (IsDerivative(*record) ? missing.derivatives : missing.roots).push_back(id);
  }
  return missing;
}

Status CheckRootsAreThere(const Context& context, ChainStore& chains,
                          const MissingRepositories& missing) {
  if (missing.roots.empty()) return Ok();
  ASSIGN_OR_RETURN(const auto ids, chains.List(context));
  for (const odf::DatasetId& id : ids) {
    if (std::ranges::find(missing.roots, id) != missing.roots.end()) continue;
    const auto record = chains.Read(context, id);
    if (!record || !IsDerivative(*record)) return Ok();
  }
  return Unavailable("none of the {} root datasets is in the store: {} is not there",
                     missing.roots.size(), chains.RepositoryOf(missing.roots.front()).ToString())
      .WithHint(
          "put the store back, or set datasets.store to where it is; what was lost for good comes "
          "from a backup: weir backup restore");
}

}  // namespace weir::datasets
