#include "datasets/checked_slices.h"

#include <utility>

#include "slices/physical_hash.h"

namespace weir::datasets {

Status CheckBytes(const Context& context, std::shared_ptr<const ReadableFile> file,
                  const odf::DataSlice& slice, std::string_view what) {
  if (file->size() != slice.size) {
    return Corrupt("{} has {} bytes, {} were written", what, file->size(), slice.size);
  }
  ASSIGN_OR_RETURN(const Multihash hash,
                   std::move(slices::PhysicalHashes(context, {&file, 1}).front()));
  if (hash == slice.physical_hash) return Ok();
  return Corrupt("{} is not what was written", what);
}

Status CheckedSlices::Check(const Context& context, std::shared_ptr<const ReadableFile> file,
                            const odf::DataSlice& slice) {
  {
    const std::lock_guard lock(mutex_);
    if (checked_.contains(slice.physical_hash)) return Ok();
  }
  RETURN_IF_ERROR(
      CheckBytes(context, std::move(file), slice, "slice " + slice.physical_hash.ToText()));
  const std::lock_guard lock(mutex_);
  checked_.insert(slice.physical_hash);
  return Ok();
}

}  // namespace weir::datasets
