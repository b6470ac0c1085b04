#include "datasets/dataset_facts.h"

#include "datasets/chain_record.h"
#include "datasets/check_facts.h"
#include "datasets/inherited_tags.h"
#include "datasets/json_values.h"
#include "datasets/keys.h"
#include "datasets/origin.h"
#include "datasets/pull_failure.h"

namespace weir::datasets {

namespace {

// Its chain was being replaced, or its index rebuilt, when that was interrupted.
void AddNoChain(resources::ResourceStatus& status) {
  status.aggregate = resources::Aggregate::kError;
  status.conditions.push_back(
      {.type = "TakesBlocks",
       .status = "False",
       .reason = "Interrupted",
       .message = "its chain is not whole here: repeat the pull, or weir doctor --rebuild-index"});
}

}  // namespace

Status AddDatasetFacts(control::Snapshot& snapshot, const odf::DatasetId& id, Timestamp now,
                       resources::ResourceStatus& status) {
  const auto found = ReadChainRecord(snapshot, id);
  if (!found && found.error().code == ErrorCode::kNotFound) {
    AddNoChain(status);
    return Ok();
  }
  if (!found) return found.error();
  const ChainRecord& record = *found;
  const odf::ChainState& chain = record.chain;
  status.facts = {{"head", chain.head.value().ToText()},
                  {"blocks", chain.sequence_number + 1},
                  {"records", record.records},
                  {"bytes", record.bytes},
                  {"slices", record.slices},
                  {"updatedAt", FormatTimestamp(chain.system_time)}};
  if (chain.last_offset) status.facts["lastOffset"] = *chain.last_offset;
  if (chain.watermark) status.facts["watermark"] = FormatTimestamp(*chain.watermark);
  ASSIGN_OR_RETURN(const auto origin, FindOrigin(snapshot, id));
  if (origin) {
    status.facts["origin"] = origin->url;
    status.facts["trusted"] = origin->trusted;
  }
  ASSIGN_OR_RETURN(const auto inherited, FindInheritedTags(snapshot, id));
  if (!inherited.empty()) status.facts["inheritedTags"] = Texts(inherited);
  RETURN_IF_ERROR(AddCheckFacts(snapshot, id, chain, now, status));
  ASSIGN_OR_RETURN(const auto failure, FindPullFailure(snapshot, id));
  if (failure) {
    status.aggregate = resources::Aggregate::kError;
    status.conditions.push_back({.type = "UpToDate",
                                 .status = "False",
                                 .reason = failure->code,
                                 .message = failure->message,
                                 .since = failure->time});
  }
  ASSIGN_OR_RETURN(const auto stopped, snapshot.Get(StoppedKey(id)));
  if (!stopped) return Ok();
  status.aggregate = resources::Aggregate::kError;
  status.conditions.push_back({.type = "TakesBlocks",
                               .status = "False",
                               .reason = "Diverged",
                               .message = stopped->value,
                               .since = chain.system_time});
  return Ok();
}

}  // namespace weir::datasets
