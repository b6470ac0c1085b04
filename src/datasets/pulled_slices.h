#pragma once

#include <map>
#include <span>

#include "base/context.h"
#include "base/result.h"
#include "datasets/copy_objects.h"
#include "datasets/found_chain.h"
#include "datasets/repository.h"
#include "odf/events.h"

namespace weir::datasets {

/// Checks the rows of slices that have come, while others are still on their way, and gives their
/// links the facts. The bytes were hashed as they came.
class PulledSlices {
 public:
  PulledSlices(const Context& context, const Repository& here) : context_(context), here_(here) {}

  /// The slice of a block, if it brings one; `link` outlives this. One thread, before any Check.
  void Expect(FoundLink& link, const FoundBlock& block, const odf::SetVocab& vocab);

  /// kCorrupt names block and slice. Thread-safe, for different objects.
  Status Check(std::span<const ObjectToCopy> came);

 private:
  struct Expected {
    FoundLink* link;
    odf::DataSlice slice;
    odf::SetVocab vocab;
  };

  Status CheckGroup(std::span<const Expected* const> group);

  const Context& context_;
  const Repository& here_;
  std::multimap<Multihash, Expected> expected_;  // by physical hash
};

}  // namespace weir::datasets
