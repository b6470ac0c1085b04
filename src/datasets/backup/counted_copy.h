#pragma once

#include <mutex>
#include <utility>

#include "control/backup/backed_up_datasets.h"
#include "datasets/copy_objects.h"

namespace weir::datasets {

/// Counts what is copied on several threads, and says so to whoever watches. Thread-safe.
class CountedCopy {
 public:
  CountedCopy(backup::ObjectCounts& counts, const backup::OnObjects& on_objects)
      : counts_(counts), on_objects_(on_objects) {}

  /// An object of what is being copied; `is_new`: it was not there before.
  void Count(const ObjectToCopy& object, bool is_new) {
    const std::lock_guard lock(mutex_);
    counts_.objects += 1;
    counts_.bytes += object.size;
    counts_.new_objects += is_new ? 1 : 0;
    counts_.new_bytes += is_new ? object.size : 0;
    if (on_objects_) on_objects_(counts_);
  }

 private:
  std::mutex mutex_;
  backup::ObjectCounts& counts_;
  const backup::OnObjects& on_objects_;
};

}  // namespace weir::datasets
