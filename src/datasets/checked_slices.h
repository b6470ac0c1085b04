#pragma once

#include <memory>
#include <mutex>
#include <set>
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

/// Remembers which slices were seen to be what their hash says, so that a query serves no byte that
/// changed since it was written: each slice is hashed whole when this process first opens it, and
/// not again. What changes later is found by verify. Thread-safe.
class CheckedSlices {
 public:
  /// As CheckBytes, once for a slice.
  Status Check(const Context& context, std::shared_ptr<const ReadableFile> file,
               const odf::DataSlice& slice);

 private:
  std::mutex mutex_;
  std::set<Multihash> checked_ WEIR_GUARDED_BY(mutex_);
};

}  // namespace weir::datasets
