#include "pipelines/derive/working_states.h"

#include <algorithm>
#include <utility>

namespace weir::pipelines {

std::size_t WorkingState::bytes() const {
  std::size_t sum = sizeof(*this);
  for (const auto& [query, kept] : groups) sum += query.size() + (kept ? kept->bytes() : 0);
  return sum;
}

WorkingState WorkingStates::Take(const odf::DatasetId& id,
                                 std::vector<std::optional<Multihash>> consumed) {
  {
    const std::scoped_lock lock(mutex_);
    const auto found = std::ranges::find(entries_, id, &Entry::id);
    if (found != entries_.end()) {
      WorkingState state = std::move(found->state);
      bytes_ -= found->bytes;
      entries_.erase(found);
      if (state.consumed == consumed) return state;
    }
  }
  return {.consumed = std::move(consumed)};
}

void WorkingStates::Put(const odf::DatasetId& id, WorkingState state) {
  const std::size_t size = state.bytes();
  const std::scoped_lock lock(mutex_);
  if (size > most_bytes_) return;
  entries_.push_front({.id = id, .state = std::move(state), .bytes = size});
  bytes_ += size;
  while (bytes_ > most_bytes_) {
    bytes_ -= entries_.back().bytes;
    entries_.pop_back();
  }
}

}  // namespace weir::pipelines
