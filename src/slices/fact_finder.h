#pragma once

#include <memory>
#include <string>
#include <vector>

#include "slices/slice_facts.h"

namespace arrow {
class Array;
class RecordBatch;
class Schema;
}  // namespace arrow

namespace weir::slices {

/// Gathers the bounds and nulls of one column, batch by batch.
class ColumnFactFinder {
 public:
  virtual ~ColumnFactFinder() = default;
  virtual void Add(const arrow::Array& values) = 0;
  virtual ColumnFacts Finish() const = 0;
};

/// Gathers the facts of a slice as its rows go by. One thread at a time.
class FactFinder {
 public:
  /// `event_time` names the column of event times, which may be missing.
  FactFinder(const arrow::Schema& schema, const std::string& event_time);

  void Add(const arrow::RecordBatch& rows);
  SliceFacts Finish() const;

 private:
  std::vector<std::unique_ptr<ColumnFactFinder>> columns_;
  int event_time_ = -1;
  bool event_days_ = false;  // event times are days, not microseconds
  std::uint64_t rows_ = 0;
};

}  // namespace weir::slices
