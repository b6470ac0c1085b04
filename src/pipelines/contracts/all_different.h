#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace weir::pipelines {

/// Mixes every bit of `value` into every other (the finalizer of MurmurHash3, a bijection).
inline std::uint64_t Mixed(std::uint64_t value) {
  value ^= value >> 33;
  value *= 0xff51afd7ed558ccdULL;
  value ^= value >> 33;
  value *= 0xc4ceb9fe1a85ec53ULL;
  return value ^ (value >> 33);
}

/// Many values in the order in which they came, in pieces: they are never copied to grow.
class Values64 {
 public:
  void Add(std::uint64_t value) {
    if (pieces_.empty() || pieces_.back().size() == kPiece) pieces_.emplace_back().reserve(kPiece);
    pieces_.back().push_back(value);
    ++size_;
  }

  std::size_t size() const { return size_; }

  template <typename Visit>
  void Each(const Visit& visit) const {
    for (const auto& piece : pieces_) {
      for (const std::uint64_t value : piece) visit(value);
    }
  }

 private:
  static constexpr std::size_t kPiece = 1 << 16;

  std::vector<std::vector<std::uint64_t>> pieces_;
  std::size_t size_ = 0;
};

/// Whether no two of `values`, all of them from `least` to `greatest`, are alike. Takes a bit for
/// each number in between where those are not many more than the values; otherwise the values are
/// brought into partitions by what they hash to, each as small as the nearest cache.
bool AreAllDifferent(const Values64& values, std::uint64_t least, std::uint64_t greatest);

}  // namespace weir::pipelines
