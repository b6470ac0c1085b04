#pragma once

#include <condition_variable>
#include <mutex>
#include <set>

#include "base/context.h"
#include "base/guarded_by.h"
#include "base/result.h"
#include "odf/dataset_id.h"

namespace weir::pipelines {

/// Lets one piece of work of this process at a time write to a dataset: others would only do theirs
/// in vain and again. Other processes are kept apart by the commit itself. Thread-safe; outlives
/// its turns.
class DatasetTurns {
 public:
  /// The turn of whoever has it, until it is destroyed.
  class Turn {
   public:
    Turn(DatasetTurns& turns, const odf::DatasetId& id) : turns_(&turns), id_(id) {}
    Turn(Turn&& other) noexcept : turns_(std::exchange(other.turns_, nullptr)), id_(other.id_) {}
    ~Turn() {
      if (turns_ != nullptr) turns_->End(id_);
    }

   private:
    DatasetTurns* turns_;
    odf::DatasetId id_;
  };

  Result<Turn> Wait(const Context& context, const odf::DatasetId& id);

 private:
  void End(const odf::DatasetId& id);

  std::mutex mutex_;
  std::condition_variable_any ended_;
  std::set<odf::DatasetId> busy_ WEIR_GUARDED_BY(mutex_);
};

}  // namespace weir::pipelines
