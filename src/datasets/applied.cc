#include "datasets/applied.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/json_reader.h"
#include "datasets/json_values.h"
#include "datasets/keys.h"

namespace weir::datasets {
namespace {

namespace json = boost::json;

Result<Applied> Decode(const resources::ResourceId& resource, std::string_view value) {
  try {
    const json::object object = Must(ParseJson(value)).as_object();
    return Applied{.id = Must(odf::DatasetId::Parse(TextAt(object.at("id")))),
                   .sequence_number = NumberAt(object.at("sequence"))};
  } catch (const std::exception& failure) {
    return Corrupt("what was applied to {}: {}", resource.ToString(), failure.what());
  }
}

}  // namespace

Result<std::optional<Applied>> FindApplied(control::Snapshot& snapshot,
                                           const resources::ResourceId& resource,
                                           std::int64_t version) {
  const control::Key key = AppliedKey(resource.workspace, resource.name, version);
  ASSIGN_OR_RETURN(const auto entry, snapshot.Get(key));
  if (!entry) return std::optional<Applied>();
  ASSIGN_OR_RETURN(Applied applied, Decode(resource, entry->value));
  const control::Key all = AppliedKey(resource.workspace, resource.name);
  ASSIGN_OR_RETURN(const auto later, snapshot.Scan(all, {.after = key, .limit = 1}));
  applied.is_newest = later.empty();
  return std::optional(applied);
}

Status PutApplied(control::Transaction& transaction, const resources::ResourceId& resource,
                  std::int64_t version, const Applied& applied) {
  const json::object object{{"id", applied.id.ToString()}, {"sequence", applied.sequence_number}};
  return transaction.Put(AppliedKey(resource.workspace, resource.name, version),
                         json::serialize(object));
}

}  // namespace weir::datasets
