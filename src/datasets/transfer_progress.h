#pragma once

#include <mutex>

#include "datasets/copy_objects.h"
#include "datasets/transfer.h"

namespace weir::datasets {

/// Counts what a transfer does on its threads, and says so to whoever watches. Thread-safe.
class TransferProgress {
 public:
  explicit TransferProgress(const TransferOptions& options) : options_(options) {}

  /// Objects that are to come, with their bytes.
  void Expect(const std::vector<ObjectToCopy>& objects) {
    Change([&](Transferred& all) {
      for (const ObjectToCopy& object : objects) {
        all.all_objects += 1;
        all.all_bytes += object.size;
      }
    });
  }
  void AddBlocks(std::uint64_t count) {
    Change([&](Transferred& all) { all.blocks += count; });
  }

  /// For CopyObjects of slices and checkpoints.
  CopyOptions ForObjects(Present present) {
    return {
        .present = present,
        .on_bytes =
            [this](std::uint64_t bytes) { Change([&](Transferred& all) { all.bytes += bytes; }); },
        .on_object =
            [this](const ObjectToCopy& /*object*/) {
              Change([](Transferred& all) { all.objects += 1; });
            }};
  }
  CopyOptions ForBlocks(Present present) {
    return {.present = present, .on_object = [this](const ObjectToCopy& /*object*/) {
              Change([](Transferred& all) { all.blocks += 1; });
            }};
  }

  Transferred so_far() {
    const std::lock_guard lock(mutex_);
    return transferred_;
  }

 private:
  template <typename Apply>
  void Change(Apply&& apply) {
    const std::lock_guard lock(mutex_);
    apply(transferred_);
    if (options_.on_progress) options_.on_progress(transferred_);
  }

  const TransferOptions& options_;
  std::mutex mutex_;
  Transferred transferred_;
};

/// The slice and the checkpoint that a block brings.
void AddObjectsOf(const odf::MetadataEvent& event, std::vector<ObjectToCopy>& objects);

}  // namespace weir::datasets
