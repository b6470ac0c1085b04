#include "resources/bundle_status.h"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <string>
#include <unordered_map>

#include "resources/json_fields.h"
#include "resources/presented.h"
#include "resources/record.h"
#include "resources/spec_secrets.h"

namespace weir::resources {
namespace {

namespace json = boost::json;

struct Fared {
  std::string status = "deleted";
  std::string runtime = {};
};

Result<Fared> FaredOf(control::Snapshot& snapshot, const KindRegistry& registry,
                      const ResourceId& id) {
  ASSIGN_OR_RETURN(const auto entry, snapshot.Get(HeadKey(id)));
  if (!entry) return Fared{};
  ASSIGN_OR_RETURN(Resource stored, DecodeRecord(id, entry->value, entry->revision));
  const SpecSecrets secrets(registry, nullptr);
  ASSIGN_OR_RETURN(const Resource shown, Present(snapshot, registry, secrets, std::move(stored)));
  return Fared{.status = std::string(NameOf(shown.status.aggregate)),
               .runtime = shown.status.runtime};
}

// A test without a list holds; "is" asks for one of its words, "contains" for one within.
bool Holds(const json::object& condition, std::string_view key, const std::string& value) {
  const json::value* test = condition.if_contains(key);
  if (test == nullptr) return true;
  const auto any = [&](std::string_view list, bool whole) {
    const json::value* words = test->as_object().if_contains(list);
    if (words == nullptr) return true;
    for (const json::value& word : words->as_array()) {
      const std::string_view text(word.as_string());
      if (whole ? value == text : value.find(text) != std::string::npos) return true;
    }
    return false;
  };
  return any("is", true) && any("contains", false);
}

class Summary {
 public:
  Summary(const Resource& bundle) : since_(bundle.applied_at) {}  // NOLINT: local

  void Add(Aggregate aggregate, std::string reason, std::string message) {
    if (worst_ != Aggregate::kError) worst_ = aggregate;
    conditions_.push_back({.type = "Ready",
                           .status = "False",
                           .reason = std::move(reason),
                           .message = std::move(message),
                           .since = since_});
  }

  ResourceStatus Take(std::int64_t generation) {
    if (conditions_.empty()) {
      conditions_.push_back({.type = "Ready", .reason = "AllActive", .since = since_});
    }
    return {.aggregate = worst_,
            .builder_stage = worst_ == Aggregate::kActive ? "built" : "building",
            .observed_generation = generation,
            .conditions = std::move(conditions_)};
  }

 private:
  const Timestamp since_;
  Aggregate worst_ = Aggregate::kActive;
  std::vector<Condition> conditions_;
};

void CheckConditions(const json::array& resources,
                     const std::unordered_map<std::string, Fared>& fared, Summary& summary) {
  for (const json::value& value : resources) {
    const json::object& entry = value.as_object();
    for (const json::value& condition : ArrayAt(entry, "dependencyConditions")) {
      const std::string target = TextAt(condition.as_object(), "resourceId");
      const auto found = fared.find(target);
      if (found != fared.end() && Holds(condition.as_object(), "status", found->second.status) &&
          Holds(condition.as_object(), "runtime", found->second.runtime)) {
        continue;
      }
      summary.Add(Aggregate::kPending, "DependencyNotMet",
                  fmt::format("{} waits for {}", TextAt(entry, "id"), target));
    }
  }
}

}  // namespace

Result<ResourceStatus> StatusOfBundle(control::Snapshot& snapshot, const KindRegistry& registry,
                                      const Resource& bundle) {
  Summary summary(bundle);
  const json::array& resources = ArrayAt(bundle.spec, "resources");
  // What it owns are its workspaces, then its resources in the order listed.
  const std::size_t first = bundle.owns.size() - std::min(bundle.owns.size(), resources.size());
  std::unordered_map<std::string, Fared> fared;
  for (std::size_t at = 0; at < bundle.owns.size(); ++at) {
    const ResourceId& id = bundle.owns[at];
    ASSIGN_OR_RETURN(const Fared fares, FaredOf(snapshot, registry, id));
    if (at >= first) fared[TextAt(resources[at - first].as_object(), "id")] = fares;
    if (fares.status == "active") continue;
    const bool failed = fares.status == "error";
    summary.Add(failed ? Aggregate::kError : Aggregate::kPending,
                failed ? "ResourceFailed" : "ResourceNotActive",
                fmt::format("{} is {}", id.ToString(), fares.status));
  }
  CheckConditions(resources, fared, summary);
  return summary.Take(bundle.generation);
}

}  // namespace weir::resources
