#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "control/store.h"
#include "resources/apply_request.h"
#include "resources/declared.h"
#include "resources/kind_registry.h"
#include "resources/problem.h"
#include "resources/resource.h"
#include "resources/spec_secrets.h"

namespace weir::resources {

/// What an apply would do, made on a snapshot and true as long as what it read still stands.
struct Plan {
  /// What an entry was when the plan was made; none: it was not there.
  struct Read {
    control::Key key;
    std::optional<control::Revision> revision;
  };
  /// A new version of a resource.
  struct Write {
    const Kind* kind;
    std::optional<Resource> before = {};  ///< sealed, and whole
    std::string before_value = {};        ///< the bytes it is stored as
    Resource now;                         ///< sealed, and whole
    std::string value;                    ///< the bytes to store
    bool was_gone = false;                ///< it was deleted, and comes again
  };

  std::vector<Change> changes = {};
  std::vector<Read> reads = {};
  std::vector<Write> writes = {};
  std::vector<ResourceId> removals = {};  ///< what bundles brought and no longer name

  bool changes_nothing() const { return writes.empty() && removals.empty(); }
};

/// Who applies, when, and what else the plan depends on.
struct PlanOptions {
  std::string principal = {};
  Timestamp now = {};
  bool fields_of_created = false;  ///< list the fields of new resources too: for diff
  std::optional<std::int64_t> expected_version = {};
};

/// Compares what is declared with what is there. What cannot be (a missing or cyclic dependency, a
/// resource that belongs to a bundle) goes to `problems`; the error is for a store that cannot be
/// read.
Result<Plan> MakePlan(control::Snapshot& snapshot, const SpecSecrets& secrets,
                      const std::vector<Declared>& declared, const PlanOptions& options,
                      Problems& problems);

/// Writes the plan, runs the hooks, deletes what is to go and says so in `removed`. `raced` says
/// that something the plan read has changed since: the error is then kConflict, and another plan
/// may succeed.
Status CarryOut(control::Transaction& transaction, const KindRegistry& registry, const Plan& plan,
                const PlanOptions& options, std::vector<Change>& removed, bool& raced);

}  // namespace weir::resources
