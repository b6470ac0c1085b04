#include "resources/resource.h"

#include <boost/json/array.hpp>

namespace weir::resources {

namespace json = boost::json;

std::string_view NameOf(Aggregate aggregate) {
  switch (aggregate) {
    case Aggregate::kActive:
      return "active";
    case Aggregate::kPending:
      return "pending";
    case Aggregate::kError:
      return "error";
    case Aggregate::kDeleted:
      return "deleted";
  }
  return "?";
}

json::object ToJson(const ResourceStatus& status) {
  json::object object;
  object["aggregate"] = NameOf(status.aggregate);
  object["builderStage"] = status.builder_stage;
  object["runtime"] = status.runtime;
  object["observedGeneration"] = status.observed_generation;
  json::array conditions;
  for (const Condition& condition : status.conditions) {
    conditions.push_back(json::object{{"type", condition.type},
                                      {"status", condition.status},
                                      {"reason", condition.reason},
                                      {"message", condition.message},
                                      {"since", FormatTimestamp(condition.since)}});
  }
  object["conditions"] = std::move(conditions);
  if (!status.facts.empty()) object["facts"] = status.facts;
  return object;
}

json::object ToJson(const Resource& resource) {
  Header header = resource.header;
  for (std::string& tag : SystemTags(resource.id, header)) header.tags.push_back(std::move(tag));
  json::object object = ToJson(resource.id, header, resource.spec);
  const bool known = resource.deleted || resource.status.observed_generation != 0;
  if (known) object["status"] = ToJson(resource.status);
  json::object facts;
  facts["version"] = resource.version;
  facts["generation"] = resource.generation;
  facts["createdAt"] = FormatTimestamp(resource.created_at);
  facts["appliedAt"] = FormatTimestamp(resource.applied_at);
  facts["appliedBy"] = resource.applied_by;
  if (resource.managed_by) {
    facts["managedBy"] = resource.managed_by->type + "/" + resource.managed_by->name;
  }
  if (resource.deleted) facts["deleted"] = true;
  facts["revision"] = resource.revision;
  object["weir"] = std::move(facts);
  return object;
}

}  // namespace weir::resources
