#include "datasets/checked_slices.h"

#include "base/sha3.h"

namespace weir::datasets {
namespace {

constexpr std::size_t kReadBytes = 1 << 20;

}  // namespace

Status CheckBytes(const Context& context, const ReadableFile& file, const odf::DataSlice& slice,
                  std::string_view what) {
  if (file.size() != slice.size) {
    return Corrupt("{} has {} bytes, {} were written", what, file.size(), slice.size);
  }
  Sha3 hash;
  Bytes buffer(kReadBytes);
  for (std::uint64_t at = 0; at < slice.size;) {
    RETURN_IF_ERROR(context.Check());
    ASSIGN_OR_RETURN(const std::size_t count, file.Read(at, buffer));
    if (count == 0) break;
    hash.Update(ByteView(buffer).first(count));
    at += count;
  }
  if (Multihash(Multihash::kSha3_256, hash.Finish()) == slice.physical_hash) return Ok();
  return Corrupt("{} is not what was written", what);
}

Status CheckedSlices::Check(const Context& context, const ReadableFile& file,
                            const odf::DataSlice& slice) {
  {
    const std::lock_guard lock(mutex_);
    if (checked_.contains(slice.physical_hash)) return Ok();
  }
  RETURN_IF_ERROR(CheckBytes(context, file, slice, "slice " + slice.physical_hash.ToText()));
  const std::lock_guard lock(mutex_);
  checked_.insert(slice.physical_hash);
  return Ok();
}

}  // namespace weir::datasets
