#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace weir::engine {

/// The exact sum of any doubles, whatever their order: a fixed-point number as wide as what was
/// added needs (Kulisch's long accumulator, of which a window is kept), so that rounding happens
/// once, at the end. Sums of sums are exact too.
///
/// A plain piece of memory: it is made by Reset and needs no destruction; more than kInline words
/// come from `Allocate`, which keeps them as long as the sum is used. One thread at a time.
class ExactSum {
 public:
  using Allocate = std::function<std::int64_t*(std::size_t words)>;

  void Reset();
  void Add(double value, const Allocate& allocate);
  void Add(const ExactSum& other, const Allocate& allocate);

  /// The nearest double, ties to even. NaN when one was added, or infinities of both signs.
  double Rounded() const { return Divided(1); }
  /// The nearest double to the sum divided by `count`, which is not 0.
  double Divided(std::uint64_t count) const;

  /// Calls visit(word, place) for the digits, which are signed and stand for word * 2^(32 place -
  /// 1074). Without NaN and infinities.
  template <typename Visit>
  void VisitWords(const Visit& visit) const {
    const std::int64_t* words = Words();
    for (int i = 0; i < size_; ++i) visit(words[i], first_ + i);
  }
  bool is_finite() const { return special_ == 0; }
  /// NaN or an infinity: what the sum is when it is not finite.
  double Special() const;

 private:
  static constexpr int kInline = 5;
  static constexpr std::uint8_t kNaN = 1, kPlus = 2, kMinus = 4;

  const std::int64_t* Words() const { return far_ == nullptr ? near_.data() : far_; }
  std::int64_t* Words() { return far_ == nullptr ? near_.data() : far_; }
  void AddFinite(std::uint64_t bits, const Allocate& allocate);
  /// Makes room for words `from` up to `to`.
  void Widen(int from, int to, const Allocate& allocate);
  /// Brings every word but the last below 2^32.
  void Carry(const Allocate& allocate);

  std::array<std::int64_t, kInline> near_;
  std::int64_t* far_;
  std::int16_t first_;     ///< place of the first word
  std::int16_t size_;      ///< words in use
  std::int16_t capacity_;  ///< of far_
  std::uint8_t special_;
  std::uint32_t adds_;  ///< since the words were carried
};

}  // namespace weir::engine
