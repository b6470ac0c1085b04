#pragma once

#include <duckdb.hpp>
#include <optional>
#include <string>
#include <vector>

#include "engine/delta_plan.h"

namespace weir::engine {

/// A FROM with every relation in one of its versions; with the rows of one of them that changed, it
/// gives rows that the result has or had.
struct ChangedFrom {
  duckdb::unique_ptr<duckdb::TableRef> from;
  bool takes_away = false;
  std::string reads;
};

/// Stands in the schema of a table that is a relation of the plan, whose versions have other names.
inline constexpr const char* kRelation = "relation";

/// The relations in the joins of `from`, in their order, each as often as it stands there.
std::vector<std::string> RelationsIn(duckdb::TableRef& from);

/// Puts every relation in `node` or `ref`, also in queries inside of it, at `version`.
void PutAtVersion(duckdb::QueryNode& node, Version version);
void PutAtVersion(duckdb::TableRef& ref, Version version);

/// What changed in a join, by the change of each relation in it: those before it count as they are,
/// those after it as they were. The right side of LEFT, SEMI and ANTI joins changes what becomes of
/// rows of the left side that meet what changed: these count as they were and as they are.
///
/// nullopt for joins that this cannot say; `why` then tells.
std::optional<std::vector<ChangedFrom>> ChangesOf(duckdb::TableRef& from, std::string& why);

}  // namespace weir::engine
