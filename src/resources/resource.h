#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "control/store.h"
#include "resources/manifest.h"
#include "resources/resource_id.h"

namespace weir::resources {

/// How a resource fares, in one word.
enum class Aggregate { kActive, kPending, kError, kDeleted };

std::string_view NameOf(Aggregate aggregate);

/// One named fact of a status, as Kubernetes has them: type "Ready", status "True", "False" or
/// "Unknown", a reason for programs (one word) and a message for people.
struct Condition {
  std::string type;
  std::string status = "True";
  std::string reason = {};
  std::string message = {};
  Timestamp since = {};

  bool operator==(const Condition&) const = default;
};

/// What is true of a resource, beside what was declared. Whoever makes a resource real writes it
/// (ResourceService::SetStatus); a kind with nothing to make is active once applied.
struct ResourceStatus {
  Aggregate aggregate = Aggregate::kActive;
  std::string builder_stage = "built";   ///< pending, building, built or error
  std::string runtime = {};              ///< "running:1", "succeeded"; empty: nothing runs
  std::int64_t observed_generation = 0;  ///< the generation it speaks of
  std::vector<Condition> conditions = {};
  boost::json::object facts = {};  ///< what the kind tells of it as it is now; never stored

  bool operator==(const ResourceStatus&) const = default;
};

boost::json::object ToJson(const ResourceStatus& status);

/// A resource as of one of its versions. Values marked secret in the kind's schema are "****" in
/// everything ResourceService returns.
struct Resource {
  ResourceId id;
  Header header = {};
  boost::json::object spec = {};

  std::int64_t version = 0;     ///< of this resource: 1 for the first manifest applied
  std::int64_t generation = 0;  ///< counts the changes of `spec` alone
  Timestamp created_at = {};    ///< when it last came to be
  Timestamp applied_at = {};    ///< of this version
  std::string applied_by = {};
  std::optional<ResourceId> managed_by = {};  ///< the bundle it belongs to
  std::vector<ResourceId> owns = {};          ///< what belongs to it
  std::vector<ResourceId> needs = {};         ///< what must be there as long as it is
  bool deleted = false;                       ///< this version is its deletion
  control::Revision revision = 0;  ///< of the store, when this version was written; the ETag
  ResourceStatus status = {};  ///< observed_generation is 0 in an older version: it had one then
};

/// Manifest keys first (with the system's tags), then `status`, then `weir` with what Weir knows:
/// version, generation, createdAt, appliedAt, appliedBy, managedBy, deleted, revision. Applying
/// this document again changes nothing, and is refused where it hides a secret.
boost::json::object ToJson(const Resource& resource);

}  // namespace weir::resources
