#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <string_view>

#include "base/context.h"
#include "base/files.h"
#include "base/guarded_by.h"
#include "base/multihash.h"
#include "base/result.h"
#include "odf/events.h"

namespace weir::datasets {

/// kCorrupt unless the bytes of `file` have the size and the physical hash of `slice`; `what` names
/// it.
Status CheckBytes(const Context& context, std::shared_ptr<const ReadableFile> file,
                  const odf::DataSlice& slice, std::string_view what);

/// Slices that are likely to be read together, and the one of them that is wanted.
struct SliceInGroup {
  std::span<const odf::DataSlice> group;
  std::size_t index = 0;

  const odf::DataSlice& slice() const { return group[index]; }
};

/// Remembers which slices were seen to be what their hash says, so that a query serves no byte that
/// changed since it was written: each slice is hashed whole when this process first opens it, and
/// not again, and not at all when this process has written it. What changes later is found by
/// verify. Thread-safe.
class CheckedSlices {
 public:
  using Open = std::function<Result<std::shared_ptr<const ReadableFile>>(const odf::DataSlice&)>;

  /// The file of the slice that is wanted; kCorrupt when it is not what was written. Those beside
  /// it that this process has not seen either are hashed with it, which takes little more time than
  /// one alone, and what is wrong with them is said to those who want them.
  Result<std::shared_ptr<const ReadableFile>> OpenChecked(const Context& context,
                                                          const SliceInGroup& wanted,
                                                          const Open& open);

  /// This process has hashed the bytes as it wrote them.
  void NoteWritten(const Multihash& physical_hash);

 private:
  class Claim;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::set<Multihash> checked_ WEIR_GUARDED_BY(mutex_);
  std::set<Multihash> claimed_ WEIR_GUARDED_BY(mutex_);  // are being hashed
};

}  // namespace weir::datasets
