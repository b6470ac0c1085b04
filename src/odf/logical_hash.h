#pragma once

#include <memory>
#include <vector>

#include "base/multihash.h"
#include "base/result.h"

namespace arrow {
class RecordBatch;
class Schema;
}  // namespace arrow

namespace weir::odf {

/// kInvalid, naming the column's path, when a column's type has no logical hash (spec section 8.2):
/// durations, intervals, maps, unions, dictionaries, nulls, lists of structs.
Status CheckHashable(const arrow::Schema& schema);

/// The logical hash of a table that comes in record batches: the same for the same rows, whatever
/// the file they are stored in (spec section 8.2). Columns are hashed side by side.
///
/// How rows are cut into batches does not matter, with one exception that real data has: a nullable
/// field inside a nullable struct. There the reference implementation takes a row for null only
/// when struct and field both are, if the batch holds nulls of both; to get its hash, give it
/// batches of its size (10,000 rows). One thread at a time.
class LogicalHasher {
 public:
  /// kInvalid as CheckHashable.
  static Result<std::unique_ptr<LogicalHasher>> Make(const arrow::Schema& schema);
  ~LogicalHasher();

  /// kInvalid when the batch's schema is another one.
  Status Update(const arrow::RecordBatch& batch);

  /// The hash of all so far. The hasher is then used up.
  Multihash Finish();

 private:
  struct State;
  explicit LogicalHasher(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace weir::odf
