#include "datasets/inherited_tags.h"

#include <boost/json/serialize.hpp>
#include <set>

#include "base/json_reader.h"
#include "datasets/chain_record.h"
#include "datasets/directory.h"
#include "datasets/json_values.h"
#include "resources/presented.h"

namespace weir::datasets {
namespace {

using Tags = std::set<std::string>;

Status AddOwn(control::Snapshot& snapshot, const odf::DatasetId& id, Tags& tags) {
  const auto entry = FindDataset(snapshot, id);
  if (!entry) return entry.error().code == ErrorCode::kNotFound ? Status() : entry.error();
  // A quarantine has a name, and nobody declared it.
  const auto resource = resources::ReadHead(
      snapshot, {.type = "dataset", .workspace = entry->workspace, .name = entry->name});
  if (!resource) return resource.error().code == ErrorCode::kNotFound ? Status() : resource.error();
  tags.insert(resource->header.tags.begin(), resource->header.tags.end());
  return Ok();
}

Result<std::vector<std::string>> TagsOfInputs(control::Snapshot& snapshot,
                                              const odf::DatasetId& id) {
  ASSIGN_OR_RETURN(const ChainRecord record, ReadChainRecord(snapshot, id));
  Tags tags;
  for (const odf::InputPosition& input : record.chain.inputs) {
    RETURN_IF_ERROR(AddOwn(snapshot, input.dataset_id, tags));
    ASSIGN_OR_RETURN(const auto inherited, FindInheritedTags(snapshot, input.dataset_id));
    tags.insert(inherited.begin(), inherited.end());
  }
  return std::vector<std::string>(tags.begin(), tags.end());
}

}  // namespace

control::Key InheritedTagsKey(const odf::DatasetId& id) {
  return control::Key("datasets").With("inherited-tags").With(id.ToMultibase());
}

Result<std::vector<std::string>> FindInheritedTags(control::Snapshot& snapshot,
                                                   const odf::DatasetId& id) {
  ASSIGN_OR_RETURN(const auto entry, snapshot.Get(InheritedTagsKey(id)));
  if (!entry) return std::vector<std::string>();
  try {
    return TextsAt(Must(ParseJson(entry->value)));
  } catch (const std::exception& failure) {
    return Corrupt("the inherited tags of dataset {}: {}", id.ToString(), failure.what());
  }
}

Status InheritTags(control::Transaction& transaction, const odf::DatasetId& id) {
  ASSIGN_OR_RETURN(const auto tags, TagsOfInputs(transaction, id));
  ASSIGN_OR_RETURN(const auto known, FindInheritedTags(transaction, id));
  if (tags == known) return Ok();
  if (tags.empty()) return transaction.Delete(InheritedTagsKey(id));
  return transaction.Put(InheritedTagsKey(id), boost::json::serialize(Texts(tags)));
}

Status InheritTags(const Context& context, control::Store& store, const odf::DatasetId& id) {
  {
    ASSIGN_OR_RETURN(const auto snapshot, store.Read(context));
    ASSIGN_OR_RETURN(const auto tags, TagsOfInputs(*snapshot, id));
    ASSIGN_OR_RETURN(const auto known, FindInheritedTags(*snapshot, id));
    if (tags == known) return Ok();
  }
  const auto written = store.Transact(
      context, [&](control::Transaction& transaction) { return InheritTags(transaction, id); });
  return written ? Ok() : Status(written.error());
}

}  // namespace weir::datasets
