#include "resources/record.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <vector>

#include "base/json_reader.h"
#include "resources/json_fields.h"

namespace weir::resources {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxDepth = 256;  // a spec of 64 levels, and what stands around it

control::Key Space() { return control::Key("resources"); }

control::Key WithId(control::Key key, const ResourceId& id) {
  return key.With(id.type).With(id.workspace).With(id.name);
}

Result<ResourceId> IdAt(const control::Key& key, std::size_t first) {
  const auto parts = key.Parts();
  ResourceId id;
  std::string* const fields[] = {&id.type, &id.workspace, &id.name};
  for (std::size_t part = 0; part < 3; ++part) {
    if (first + part >= parts.size()) return Corrupt("key {} names no resource", key.ToString());
    const auto* text = std::get_if<std::string>(&parts[first + part]);
    if (text == nullptr) return Corrupt("key {} names no resource", key.ToString());
    *fields[part] = *text;
  }
  return id;
}

std::int64_t Nanos(Timestamp time) { return time.time_since_epoch().count(); }
Timestamp Time(std::int64_t nanos) { return Timestamp(std::chrono::nanoseconds(nanos)); }

json::array Encode(const ResourceId& id) {
  return {json::string(id.type), json::string(id.workspace), json::string(id.name)};
}

json::array Encode(const std::vector<ResourceId>& ids) {
  json::array array;
  for (const ResourceId& id : ids) array.push_back(Encode(id));
  return array;
}

ResourceId DecodeId(const json::value& value) {
  const json::array& parts = value.as_array();
  return {.type = std::string(parts.at(0).as_string()),
          .workspace = std::string(parts.at(1).as_string()),
          .name = std::string(parts.at(2).as_string())};
}

std::vector<ResourceId> DecodeIds(const json::value& value) {
  std::vector<ResourceId> ids;
  for (const json::value& id : value.as_array()) ids.push_back(DecodeId(id));
  return ids;
}

std::string Text(const json::object& object, std::string_view key) {
  return std::string(object.at(key).as_string());
}

json::value Sorted(const json::value& value);

json::object Sorted(const json::object& object) {
  std::vector<const json::key_value_pair*> members;
  members.reserve(object.size());
  for (const auto& member : object) members.push_back(&member);
  std::sort(members.begin(), members.end(),
            [](const auto* a, const auto* b) { return a->key() < b->key(); });
  json::object sorted;
  sorted.reserve(object.size());
  for (const auto* member : members) sorted.emplace(member->key(), Sorted(member->value()));
  return sorted;
}

json::value Sorted(const json::value& value) {
  if (value.is_object()) return Sorted(value.as_object());
  if (!value.is_array()) return value;
  json::array sorted;
  for (const json::value& item : value.as_array()) sorted.push_back(Sorted(item));
  return sorted;
}

// Throws where the document is not what EncodeRecord writes; DecodeRecord catches.
Resource FromJson(const ResourceId& id, json::object& object) {
  Resource resource{.id = id};
  resource.header = {.api_version = Text(object, "format"),
                     .description = Text(object, "description"),
                     .owner = Text(object, "owner"),
                     .layer = Text(object, "layer")};
  for (const json::value& tag : object.at("tags").as_array()) {
    resource.header.tags.emplace_back(tag.as_string());
  }
  resource.spec = std::move(object.at("spec").as_object());
  resource.version = object.at("version").as_int64();
  resource.generation = object.at("generation").as_int64();
  resource.created_at = Time(object.at("created").as_int64());
  resource.applied_at = Time(object.at("applied").as_int64());
  resource.applied_by = Text(object, "by");
  if (const auto* owner = object.if_contains("managed")) resource.managed_by = DecodeId(*owner);
  if (const auto* owns = object.if_contains("owns")) resource.owns = DecodeIds(*owns);
  if (const auto* needs = object.if_contains("needs")) resource.needs = DecodeIds(*needs);
  resource.deleted = object.contains("deleted");
  return resource;
}

ResourceStatus StatusFromJson(const json::object& object) {
  ResourceStatus status;
  status.aggregate = static_cast<Aggregate>(object.at("aggregate").as_int64());
  status.builder_stage = Text(object, "builder");
  status.runtime = Text(object, "runtime");
  status.observed_generation = object.at("observed").as_int64();
  for (const json::value& value : object.at("conditions").as_array()) {
    const json::object& condition = value.as_object();
    status.conditions.push_back({.type = Text(condition, "type"),
                                 .status = Text(condition, "status"),
                                 .reason = Text(condition, "reason"),
                                 .message = Text(condition, "message"),
                                 .since = Time(condition.at("since").as_int64())});
  }
  return status;
}

}  // namespace

control::Key HeadsKey() { return Space().With("r"); }
control::Key HeadsKey(std::string_view type) { return HeadsKey().With(type); }
control::Key HeadKey(const ResourceId& id) { return WithId(HeadsKey(), id); }
control::Key StatusKey(const ResourceId& id) { return HeadKey(id).With("status"); }
control::Key PastKey(const ResourceId& id) { return WithId(Space().With("v"), id); }
control::Key PastKey(const ResourceId& id, std::int64_t version) {
  return PastKey(id).With(version);
}
control::Key GoneKey(const ResourceId& id) { return WithId(Space().With("gone"), id); }
control::Key NeededByKey(const ResourceId& id) { return WithId(Space().With("n"), id); }
control::Key NeededByKey(const ResourceId& id, const ResourceId& by) {
  return WithId(NeededByKey(id), by);
}

Result<HeadKeyParts> ParseHeadKey(const control::Key& key) {
  ASSIGN_OR_RETURN(ResourceId id, IdAt(key, 1));
  return HeadKeyParts{.id = std::move(id), .is_status = key.Parts().size() > 4};
}

Result<ResourceId> ParseNeededByKey(const control::Key& key) { return IdAt(key, 4); }

std::string EncodeRecord(const Resource& resource) {
  json::object object;
  object["format"] = resource.header.api_version;
  object["description"] = resource.header.description;
  object["owner"] = resource.header.owner;
  object["layer"] = resource.header.layer;
  object["tags"] = ArrayOf(resource.header.tags);
  object["version"] = resource.version;
  object["generation"] = resource.generation;
  object["created"] = Nanos(resource.created_at);
  object["applied"] = Nanos(resource.applied_at);
  object["by"] = resource.applied_by;
  if (resource.managed_by) object["managed"] = Encode(*resource.managed_by);
  if (!resource.owns.empty()) object["owns"] = Encode(resource.owns);
  if (!resource.needs.empty()) object["needs"] = Encode(resource.needs);
  if (resource.deleted) object["deleted"] = true;
  object["spec"] = Sorted(resource.spec);
  return json::serialize(object);
}

Result<Resource> DecodeRecord(const ResourceId& id, std::string_view value,
                              control::Revision revision) {
  try {
    auto parsed = ParseJson(value, kMaxDepth);
    if (!parsed) return Corrupt("the stored record of {} cannot be read", id.ToString());
    Resource resource = FromJson(id, parsed->as_object());
    resource.revision = revision;
    return resource;
  } catch (const std::exception&) {
    return Corrupt("the stored record of {} cannot be read", id.ToString());
  }
}

std::int64_t DeletionIn(const std::optional<control::Entry>& gone) {
  std::int64_t deletion = 0;
  if (gone) {
    std::from_chars(gone->value.data(), gone->value.data() + gone->value.size(), deletion);
  }
  return deletion;
}

Result<std::int64_t> PutDeletion(control::Transaction& transaction, const Resource& resource,
                                 const std::string& principal, Timestamp now) {
  const ResourceId& id = resource.id;
  Resource deletion{.id = id, .header = resource.header};
  deletion.version = resource.version + 1;
  deletion.generation = resource.generation;
  deletion.created_at = resource.created_at;
  deletion.applied_at = now;
  deletion.applied_by = principal;
  deletion.deleted = true;
  RETURN_IF_ERROR(transaction.Put(PastKey(id, resource.version), EncodeRecord(resource)));
  RETURN_IF_ERROR(transaction.Put(PastKey(id, deletion.version), EncodeRecord(deletion)));
  RETURN_IF_ERROR(transaction.Put(GoneKey(id), std::to_string(deletion.version)));
  RETURN_IF_ERROR(transaction.Delete(StatusKey(id)));
  RETURN_IF_ERROR(transaction.Delete(HeadKey(id), control::Expect::Present()));
  return deletion.version;
}

std::string EncodeStatus(const ResourceStatus& status) {
  json::object object;
  object["aggregate"] = static_cast<std::int64_t>(status.aggregate);
  object["builder"] = status.builder_stage;
  object["runtime"] = status.runtime;
  object["observed"] = status.observed_generation;
  json::array conditions;
  for (const Condition& condition : status.conditions) {
    conditions.push_back(json::object{{"type", condition.type},
                                      {"status", condition.status},
                                      {"reason", condition.reason},
                                      {"message", condition.message},
                                      {"since", Nanos(condition.since)}});
  }
  object["conditions"] = std::move(conditions);
  return json::serialize(object);
}

Result<ResourceStatus> DecodeStatus(std::string_view value) {
  try {
    return StatusFromJson(json::parse(value).as_object());
  } catch (const std::exception&) {
    return Corrupt("a stored status cannot be read");
  }
}

}  // namespace weir::resources
