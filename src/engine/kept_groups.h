#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace weir::engine {

/// What is kept of each group of a query between two changes of its rows: bytes by bytes. Many
/// small entries in two pieces of memory: an open hash table of places, and the entries one behind
/// the other. Many threads may read while none writes.
class KeptGroups {
 public:
  /// The state of `key`; it stays where it is until the next Put or Erase.
  std::optional<std::string_view> Find(std::string_view key) const;

  /// Keeps `state` in place of what there was. Keys and states are of less than 4 GiB.
  void Put(std::string_view key, std::string_view state);
  void Erase(std::string_view key);

  std::size_t size() const { return size_; }
  /// Of memory.
  std::size_t bytes() const { return places_.capacity() * sizeof(Place) + entries_.capacity(); }

  /// Calls visit(key, state) for all, in no order.
  template <typename Visit>
  void VisitAll(const Visit& visit) const {
    for (const Place& place : places_) {
      if (place.offset != kFree && IsHere(place.offset))
        visit(KeyAt(place.offset), StateAt(place.offset));
    }
  }

 private:
  static constexpr std::uint64_t kFree = ~std::uint64_t{0};
  static constexpr std::uint32_t kGone = ~std::uint32_t{0};

  struct Place {
    std::uint64_t offset = kFree;
    std::uint64_t hash = 0;
  };
  struct Head {
    std::uint32_t key_size;
    std::uint32_t state_size;  ///< kGone: erased
    std::uint32_t room;        ///< for the state
  };

  Head HeadAt(std::uint64_t offset) const;
  void SetStateSize(std::uint64_t offset, std::uint32_t size);
  bool IsHere(std::uint64_t offset) const { return HeadAt(offset).state_size != kGone; }
  std::string_view KeyAt(std::uint64_t offset) const;
  std::string_view StateAt(std::uint64_t offset) const;
  /// The place of `key`, or the free one where it would be. There is one.
  std::size_t PlaceOf(std::string_view key, std::uint64_t hash) const;
  std::uint64_t Append(std::string_view key, std::string_view state);
  /// Room for another entry and as much again as is here.
  void MakeRoom();
  void Grow();
  /// Copies what is here.
  void Rebuild();

  std::vector<Place> places_;
  std::vector<char> entries_;
  std::size_t size_ = 0;
  std::size_t used_ = 0;    // places that are not free
  std::size_t wasted_ = 0;  // bytes of entries that nothing leads to
};

}  // namespace weir::engine
