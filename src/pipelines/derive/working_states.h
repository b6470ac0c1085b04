#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/guarded_by.h"
#include "base/multihash.h"
#include "engine/kept_groups.h"
#include "odf/dataset_id.h"

namespace weir::pipelines {

/// What a derivative keeps of its groups between two updates: a function of its query and of its
/// inputs at the blocks that it has consumed, so that it can be dropped at any time and made again.
struct WorkingState {
  /// The blocks of the inputs, in their order, up to which rows are in it.
  std::vector<std::optional<Multihash>> consumed = {};
  /// By how they are made: the query that gives the groups of a step. Null: too large to be kept.
  std::map<std::string, std::shared_ptr<engine::KeptGroups>> groups = {};
  bool is_on_disk = false;  ///< as it is here

  std::size_t bytes() const;
};

class WorkingFiles;

/// The working states of derivatives, in memory within a bound: those that were used longest ago go
/// to their files first, and all go there at the end. Thread-safe.
class WorkingStates {
 public:
  /// `files` outlives it.
  WorkingStates(WorkingFiles& files, std::size_t most_bytes)
      : files_(files), most_bytes_(most_bytes) {}
  ~WorkingStates();
  WorkingStates(const WorkingStates&) = delete;
  WorkingStates& operator=(const WorkingStates&) = delete;

  /// Hands over that of `id` if it is of `consumed`, and an empty one else; nothing is kept here
  /// until it is put back, so that what fails in between has left no trace.
  WorkingState Take(const odf::DatasetId& id, std::vector<std::optional<Multihash>> consumed);

  /// Keeps it; by itself too large for memory, it is left to be made again.
  void Put(const odf::DatasetId& id, WorkingState state);

  std::size_t most_bytes() const { return most_bytes_; }

 private:
  struct Entry {
    odf::DatasetId id;
    WorkingState state;
    std::size_t bytes;
  };

  std::optional<WorkingState> TakeKept(const odf::DatasetId& id);

  WorkingFiles& files_;
  const std::size_t most_bytes_;
  std::mutex mutex_;
  std::list<Entry> entries_ WEIR_GUARDED_BY(mutex_);  // the last used first
  std::size_t bytes_ WEIR_GUARDED_BY(mutex_) = 0;
};

}  // namespace weir::pipelines
