#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "engine/workbench.h"

// A transform taken apart, so that what changes in its result is computed from what changed in its
// inputs. Relations are the inputs, and a step for every query inside the transform; the last is
// the result. Of each relation there are on a workbench
//   NAME new       all rows, as of the new heads
//   NAME old       all rows, as of the old ones
//   NAME added     rows that are new
//   NAME removed   rows that are old; a row may be in both, which then cancel each other
//   NAME changed   both of them
//   NAME touched   keys of groups in which a row changed
//   NAME rows      the rows of changes, with what the groups' states are made of
//   NAME states    of groups: key, state, and the state as it was
// The theory is that of weighted relations (Budiu et al., DBSP, VLDB 2023), with weights kept as
// two relations.

namespace weir::engine {

enum class Version { kNew, kOld, kAdded, kRemoved, kChanged, kTouched, kRows, kStates };

/// The name of a version of a relation. No user's name can mean it: transforms read names that they
/// declare.
std::string NameOf(const std::string& relation, Version version);

/// A query whose rows are among what changes.
struct DeltaTerm {
  std::string sql = {};
  bool takes_away = false;
  std::string reads = {};  ///< has no rows while this one is empty
};

/// How a step follows its inputs.
enum class DeltaWay {
  kRows,       ///< each change of an input becomes changes of the result by itself
  kGroups,     ///< groups with a changed row are computed again
  kRecompute,  ///< everything is computed again, and compared
};

/// How groups are kept as states, to which rows that come are added and from which rows that go are
/// taken, so that neither those that were there before are read again. States are bytes, under the
/// bytes of the group's key. All texts are queries; the first four give the table `NAME states`,
/// and the last three read it.
struct GroupStates {
  std::string of_all_new = {};
  std::string of_all_old = {};
  /// Of groups with a changed row: what is kept under the step's name, and the rows of the view
  /// `NAME rows`, a union of those of `rows`.
  std::string of_changed = {};
  /// The same, from all rows of the groups in the table `NAME touched`.
  std::string of_touched = {};
  std::vector<DeltaTerm> rows = {};
  /// Rows can be taken away; else, when there are any, the groups are read again.
  bool can_take_away = true;
  std::string rows_new = {};  ///< those of the result
  std::string rows_old = {};
  std::string kept = {};  ///< key, and the state; NULL for a group that is no more
};

struct DeltaStep {
  std::string name = {};
  std::string sql_new = {};
  std::string sql_old = {};
  std::vector<std::string> inputs = {};
  DeltaWay way = DeltaWay::kRecompute;
  std::string why = {};  ///< of kRecompute, for people
  /// kRows: the changes. kGroups: the keys of groups that may have changed.
  std::vector<DeltaTerm> terms = {};
  /// kGroups: the rows of the groups in the table `NAME touched`.
  std::string touched_new = {};
  std::string touched_old = {};
  /// kGroups, where all that is computed of them can be kept.
  std::optional<GroupStates> states = {};
  std::vector<std::string> keys = {};  ///< as those of the plan
};

struct DeltaPlan {
  std::vector<DeltaStep> steps = {};
  /// Columns of the result whose values have at most one row each: those of an outer GROUP BY, or
  /// keys of inputs that pass through. Empty: none are known.
  std::vector<std::string> keys = {};
};

/// What a transform reads.
struct DeltaInput {
  std::string name = {};
  std::vector<std::string> keys = {};  ///< columns whose values have at most one row each
};

/// What a transform sees under the name of an input.
enum class TransformReads {
  kStates,   ///< the rows of its state: `engine: duckdb`
  kBatches,  ///< the events that came since the last step: `engine: datafusion` (batch_plan.h)
};

/// A step of a transform.
struct TransformStep {
  std::string alias = {};  ///< empty: the last one
  std::string sql = {};
};

/// Plans a transform over `inputs`, whose `new` views are on `bench`; makes the `new` view of every
/// step as it goes. kInvalid for what does not parse or bind; kDenied for what transforms may not
/// do, with the reason; kNotFound for a table it may not read.
Result<DeltaPlan> PlanDelta(const Context& context, Workbench& bench,
                            std::span<const TransformStep> steps,
                            std::span<const DeltaInput> inputs);

/// Whether that can be a transform over inputs of these names, as far as can be told without their
/// columns. Errors as PlanDelta's.
Status CheckTransform(std::span<const TransformStep> steps, std::span<const std::string> inputs);

}  // namespace weir::engine
