#include "engine/kept_groups.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <functional>

namespace weir::engine {
namespace {

constexpr std::size_t kFewestPlaces = 64;
constexpr std::size_t kWasteWorthACopy = 1 << 20;

std::size_t PlacesFor(std::size_t entries) {
  return std::max(kFewestPlaces, std::bit_ceil((entries + 1) * 2));
}

std::uint64_t HashOf(std::string_view key) { return std::hash<std::string_view>()(key); }

}  // namespace

std::optional<std::string_view> KeptGroups::Find(std::string_view key) const {
  if (places_.empty()) return std::nullopt;
  const Place& place = places_[PlaceOf(key, HashOf(key))];
  if (place.offset == kFree || !IsHere(place.offset)) return std::nullopt;
  return StateAt(place.offset);
}

void KeptGroups::Put(std::string_view key, std::string_view state) {
  MakeRoom();
  const std::uint64_t hash = HashOf(key);
  Place& place = places_[PlaceOf(key, hash)];
  if (place.offset == kFree) {
    place = {.offset = Append(key, state), .hash = hash};
    ++used_;
    ++size_;
    return;
  }
  const Head head = HeadAt(place.offset);
  if (head.state_size == kGone) ++size_;
  if (state.size() <= head.room) {
    SetStateSize(place.offset, static_cast<std::uint32_t>(state.size()));
    std::copy(state.begin(), state.end(),
              entries_.begin() + static_cast<std::ptrdiff_t>(place.offset + sizeof(Head)) +
                  head.key_size);
    return;
  }
  wasted_ += sizeof(Head) + head.key_size + head.room;
  place.offset = Append(key, state);
}

void KeptGroups::Erase(std::string_view key) {
  if (places_.empty()) return;
  const Place& place = places_[PlaceOf(key, HashOf(key))];
  if (place.offset == kFree || !IsHere(place.offset)) return;
  SetStateSize(place.offset, kGone);
  --size_;
}

KeptGroups::Head KeptGroups::HeadAt(std::uint64_t offset) const {
  Head head;
  std::memcpy(&head, entries_.data() + offset, sizeof(head));
  return head;
}

void KeptGroups::SetStateSize(std::uint64_t offset, std::uint32_t size) {
  Head head = HeadAt(offset);
  head.state_size = size;
  std::memcpy(entries_.data() + offset, &head, sizeof(head));
}

std::string_view KeptGroups::KeyAt(std::uint64_t offset) const {
  return {entries_.data() + offset + sizeof(Head), HeadAt(offset).key_size};
}

std::string_view KeptGroups::StateAt(std::uint64_t offset) const {
  const Head head = HeadAt(offset);
  return {entries_.data() + offset + sizeof(Head) + head.key_size, head.state_size};
}

std::size_t KeptGroups::PlaceOf(std::string_view key, std::uint64_t hash) const {
  const std::size_t mask = places_.size() - 1;
  for (std::size_t i = hash & mask;; i = (i + 1) & mask) {
    const Place& place = places_[i];
    if (place.offset == kFree) return i;
    if (place.hash == hash && KeyAt(place.offset) == key) return i;
  }
}

std::uint64_t KeptGroups::Append(std::string_view key, std::string_view state) {
  const std::uint64_t offset = entries_.size();
  const auto size = static_cast<std::uint32_t>(state.size());
  const Head head{
      .key_size = static_cast<std::uint32_t>(key.size()), .state_size = size, .room = size};
  const auto* bytes = reinterpret_cast<const char*>(&head);
  entries_.insert(entries_.end(), bytes, bytes + sizeof(head));
  entries_.insert(entries_.end(), key.begin(), key.end());
  entries_.insert(entries_.end(), state.begin(), state.end());
  return offset;
}

void KeptGroups::MakeRoom() {
  const bool is_wasteful = wasted_ > std::max(entries_.size() / 2, kWasteWorthACopy);
  const bool is_full = (used_ + 1) * 4 > places_.size() * 3;
  if (is_wasteful || (is_full && used_ > size_)) {
    Rebuild();
  } else if (is_full) {
    Grow();
  }
}

// Nothing was erased, so no entry has to be looked at: places know their hashes.
void KeptGroups::Grow() {
  std::vector<Place> grown(PlacesFor(size_));
  const std::size_t mask = grown.size() - 1;
  for (const Place& place : places_) {
    if (place.offset == kFree) continue;
    std::size_t i = place.hash & mask;
    while (grown[i].offset != kFree) i = (i + 1) & mask;
    grown[i] = place;
  }
  places_ = std::move(grown);
}

void KeptGroups::Rebuild() {
  KeptGroups copy;
  copy.places_.resize(PlacesFor(size_));
  copy.entries_.reserve(entries_.size() - wasted_);
  for (const Place& place : places_) {
    if (place.offset == kFree || !IsHere(place.offset)) continue;
    const std::string_view key = KeyAt(place.offset);
    copy.places_[copy.PlaceOf(key, place.hash)] = {
        .offset = copy.Append(key, StateAt(place.offset)), .hash = place.hash};
  }
  copy.size_ = copy.used_ = size_;
  *this = std::move(copy);
}

}  // namespace weir::engine
