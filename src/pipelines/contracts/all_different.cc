#include "pipelines/contracts/all_different.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace weir::pipelines {
namespace {

constexpr std::uint64_t kMostBitsPerValue = 32;
constexpr std::size_t kPartition = 2048;  // values, about

class Bits {
 public:
  explicit Bits(std::size_t count) : words_((count + 63) / 64) {}

  bool Has(std::uint64_t bit) const { return (words_[bit / 64] >> (bit % 64) & 1) != 0; }
  /// Whether it was there already.
  bool Put(std::uint64_t bit) {
    std::uint64_t& word = words_[bit / 64];
    const std::uint64_t mask = std::uint64_t{1} << (bit % 64);
    const bool had = (word & mask) != 0;
    word |= mask;
    return had;
  }
  void Clear() { std::ranges::fill(words_, 0); }

 private:
  std::vector<std::uint64_t> words_;
};

bool DifferByBits(const Values64& values, std::uint64_t least, std::uint64_t greatest) {
  Bits seen(greatest - least + 1);
  bool all_different = true;
  values.Each([&](std::uint64_t value) {
    if (seen.Put(value - least)) all_different = false;
  });
  return all_different;
}

// The values, mixed, in 2^`bits` partitions by their highest bits; where each of them ends.
struct Partitions {
  std::vector<std::uint64_t> values;
  std::vector<std::size_t> ends;
};

Partitions PartitionsOf(const Values64& values, int bits) {
  const int shift = 64 - bits;
  Partitions made{.values = std::vector<std::uint64_t>(values.size()),
                  .ends = std::vector<std::size_t>(std::size_t{1} << bits)};
  values.Each([&](std::uint64_t value) { ++made.ends[Mixed(value) >> shift]; });
  std::size_t begin = 0;
  for (std::size_t& end : made.ends) begin += std::exchange(end, begin);
  values.Each([&](std::uint64_t value) {
    const std::uint64_t mixed = Mixed(value);
    made.values[made.ends[mixed >> shift]++] = mixed;
  });
  return made;
}

// Looks at values that share a bit with another one; few do.
class PartitionCheck {
 public:
  bool AllDiffer(std::span<const std::uint64_t> values) {
    seen_.Clear();
    shared_.Clear();
    for (const std::uint64_t value : values) {
      if (seen_.Put(value % kBits)) shared_.Put(value % kBits);
    }
    suspects_.clear();
    for (const std::uint64_t value : values) {
      if (shared_.Has(value % kBits)) suspects_.push_back(value);
    }
    std::ranges::sort(suspects_);
    return std::ranges::adjacent_find(suspects_) == suspects_.end();
  }

 private:
  static constexpr std::size_t kBits = 64 * kPartition;

  Bits seen_{kBits};
  Bits shared_{kBits};
  std::vector<std::uint64_t> suspects_;
};

bool DifferByPartitions(const Values64& values) {
  const int bits = std::bit_width(values.size() / kPartition) + 1;
  const Partitions partitions = PartitionsOf(values, bits);
  PartitionCheck check;
  std::size_t begin = 0;
  for (const std::size_t end : partitions.ends) {
    if (!check.AllDiffer(std::span(partitions.values).subspan(begin, end - begin))) return false;
    begin = end;
  }
  return true;
}

}  // namespace

bool AreAllDifferent(const Values64& values, std::uint64_t least, std::uint64_t greatest) {
  if (values.size() < 2) return true;
  const bool is_dense = (greatest - least) / kMostBitsPerValue < values.size();
  return is_dense ? DifferByBits(values, least, greatest) : DifferByPartitions(values);
}

}  // namespace weir::pipelines
