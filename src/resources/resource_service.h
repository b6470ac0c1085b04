#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/context.h"
#include "base/result.h"
#include "control/store.h"
#include "resources/apply_request.h"
#include "resources/delete_request.h"
#include "resources/kind_registry.h"
#include "resources/problem.h"
#include "resources/resource.h"
#include "resources/resource_filter.h"
#include "resources/resource_id.h"
#include "resources/resource_watch.h"
#include "resources/spec_secrets.h"
#include "resources/value_sealer.h"

namespace weir::resources {

/// Which version of a resource: by number, or the one that was current at a time; else the current.
struct VersionSelector {
  std::optional<std::int64_t> version = {};
  std::optional<Timestamp> at = {};
};

struct ListRequest {
  ResourceFilter filter = {};
  std::string after = {};   ///< `next` of the page before; empty: from the beginning
  std::size_t limit = 100;  ///< 1 to 1000
};

struct ListAnswer {
  std::vector<Resource> items = {};  ///< by type, workspace, name
  std::string next = {};             ///< empty: there is no more
  control::Revision revision = 0;    ///< watch from here to miss nothing
};

struct HistoryRequest {
  ResourceId id;
  std::int64_t before = 0;  ///< versions below this one; 0: from the newest
  std::size_t limit = 100;
};

struct HistoryAnswer {
  std::vector<Resource> versions = {};  ///< the newest first; without status
  std::int64_t next_before = 0;         ///< 0: there is no more
};

/// Declared things with every version kept: apply, read, roll back, delete and undelete them.
///
/// What is returned never shows a secret value. Reads see one consistent snapshot. Writes are one
/// transaction of the control store, planned beside it on a snapshot and carried out only if what
/// the plan read still holds; a plan that lost such a race is made again, and after eight times
/// gives kConflict. The principal of the context is who applies; what they may do is decided before
/// a call arrives here.
///
/// Thread-safe. Made in server/wiring.cc; store, registry, sealer and clock outlive it.
class ResourceService {
 public:
  /// Makes the workspace `public` when the store has never had one. Without a sealer, manifests
  /// with secret values are refused.
  static Result<std::unique_ptr<ResourceService>> Open(const Context& context,
                                                       control::Store& store,
                                                       const KindRegistry& registry,
                                                       const ValueSealer* sealer,
                                                       const Clock& clock);

  /// Makes what the manifests declare true, all or nothing, in the order of their dependencies.
  /// Nothing at all is written for manifests that change nothing. With `dry_run`, only says what
  /// would happen. kInvalid (kConflict, kNotFound) for wrong manifests: the error is the first
  /// problem, `problems` has all of them with their places.
  Result<ApplyAnswer> Apply(const Context& context, const ApplyRequest& request,
                            Problems& problems);

  /// Which resources the documents name, without asking whether they exist: `weir delete -f`.
  Result<std::vector<ResourceId>> Identify(const ApplyRequest& request, Problems& problems) const;

  /// The whole id for what a person wrote: the type is checked (kInvalid names the nearest), a
  /// workspace is put in (`fallback`, or none for instance-level kinds).
  Result<ResourceId> Complete(const WrittenId& written, std::string_view fallback_workspace) const;

  Result<Resource> Get(const Context& context, const ResourceId& id,
                       const VersionSelector& selector = {});

  Result<ListAnswer> List(const Context& context, const ListRequest& request);

  /// Every version that ever was, also of a deleted resource. kNotFound if there never was one.
  Result<HistoryAnswer> History(const Context& context, const HistoryRequest& request);

  /// Applies the manifest of version `version` as a new version.
  Result<ApplyAnswer> Rollback(const Context& context, const ResourceId& id, std::int64_t version,
                               Problems& problems, bool dry_run = false);

  /// Deletes all or nothing; what they own goes with them. kNotFound if one is not there.
  Result<ApplyAnswer> Delete(const Context& context, const DeleteRequest& request);

  /// Applies the last manifest of a deleted resource again (and what it owned). kConflict if the
  /// resource is there, kNotFound if it never was.
  Result<ApplyAnswer> Undelete(const Context& context, const ResourceId& id, Problems& problems);

  /// Gives a resource another name in its workspace; what needs it goes on needing it. The history
  /// of the old name ends as with a deletion. kUnimplemented for kinds whose name is what they are;
  /// kAlreadyExists when the name is taken.
  Result<ApplyAnswer> Rename(const Context& context, const ResourceId& id, const std::string& name);

  /// Changes after revision `from` (0: from now on). kExhausted with the hint "list again" when
  /// they are no longer kept.
  Result<std::unique_ptr<ResourceWatch>> Watch(const ResourceFilter& filter,
                                               control::Revision from);

  /// For whoever makes resources real. Conditions keep their time while their status stays the
  /// same. kConflict when `status` speaks of an older generation than the one written last.
  Status SetStatus(const Context& context, const ResourceId& id, ResourceStatus status);

  /// The current spec with its secret values in clear, for connecting to what it describes; never
  /// for output.
  Result<boost::json::object> ClearSpec(const Context& context, const ResourceId& id);

  /// Runs an action of the resource's kind.
  Result<boost::json::value> Act(const Context& context, const ResourceId& id,
                                 std::string_view action, const boost::json::object& arguments);

  const KindRegistry& registry() const { return registry_; }

 private:
  ResourceService(control::Store& store, const KindRegistry& registry, const ValueSealer* sealer,
                  const Clock& clock)
      : store_(store), registry_(registry), clock_(clock), secrets_(registry, sealer) {}

  Status MakePublicWorkspace(const Context& context);
  Result<ApplyAnswer> ApplyStored(const Context& context, Resource stored, bool dry_run,
                                  Problems& problems);

  control::Store& store_;
  const KindRegistry& registry_;
  const Clock& clock_;
  const SpecSecrets secrets_;
};

}  // namespace weir::resources
