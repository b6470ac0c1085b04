#include "datasets/transfer_progress.h"

#include "datasets/block_slice.h"

namespace weir::datasets {

void AddObjectsOf(const odf::MetadataEvent& event, std::vector<ObjectToCopy>& objects) {
  if (const odf::DataSlice* slice = SliceOf(event)) {
    objects.push_back({Repository::Part::kSlice, slice->physical_hash, slice->size});
  }
  if (const odf::Checkpoint* checkpoint = CheckpointOf(event)) {
    objects.push_back({Repository::Part::kCheckpoint, checkpoint->physical_hash, checkpoint->size});
  }
}

}  // namespace weir::datasets
