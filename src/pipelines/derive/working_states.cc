#include "pipelines/derive/working_states.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "pipelines/derive/working_files.h"

namespace weir::pipelines {

std::size_t WorkingState::bytes() const {
  std::size_t sum = sizeof(*this);
  for (const auto& [query, kept] : groups) sum += query.size() + (kept ? kept->bytes() : 0);
  return sum;
}

WorkingStates::~WorkingStates() {
  // What cannot be written is made again.
  for (const Entry& entry : entries_) {
    if (!entry.state.is_on_disk) (void)files_.Write(entry.id, entry.state);
  }
}

WorkingState WorkingStates::Take(const odf::DatasetId& id,
                                 std::vector<std::optional<Multihash>> consumed) {
  auto state = TakeKept(id);
  if (!state) state = files_.Read(id, most_bytes_);
  if (state && state->consumed == consumed) return *std::move(state);
  return {.consumed = std::move(consumed)};
}

std::optional<WorkingState> WorkingStates::TakeKept(const odf::DatasetId& id) {
  const std::scoped_lock lock(mutex_);
  const auto found = std::ranges::find(entries_, id, &Entry::id);
  if (found == entries_.end()) return std::nullopt;
  WorkingState state = std::move(found->state);
  bytes_ -= found->bytes;
  entries_.erase(found);
  return state;
}

void WorkingStates::Put(const odf::DatasetId& id, WorkingState state) {
  const std::size_t size = state.bytes();
  if (state.groups.empty() || size > most_bytes_) return;
  std::list<Entry> evicted;
  {
    const std::scoped_lock lock(mutex_);
    entries_.push_front({.id = id, .state = std::move(state), .bytes = size});
    bytes_ += size;
    while (bytes_ > most_bytes_) {
      bytes_ -= entries_.back().bytes;
      evicted.splice(evicted.end(), entries_, std::prev(entries_.end()));
    }
  }
  for (const Entry& entry : evicted) {
    if (!entry.state.is_on_disk) (void)files_.Write(entry.id, entry.state);
  }
}

}  // namespace weir::pipelines
