#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "base/bytes.h"

namespace weir::engine {

/// The exact sum of any doubles, whatever their order: a fixed-point number as wide as what was
/// added needs (Kulisch's long accumulator, of which a window is kept), so that rounding happens
/// once, at the end. Sums of sums are exact too, and what was added can be taken away again:
/// infinities and NaN are counted beside the number.
///
/// A plain piece of memory: it is made by Reset and needs no destruction; more than kInline words
/// come from `Allocate`, which keeps them as long as the sum is used. One thread at a time.
class ExactSum {
 public:
  /// Where more words come from.
  struct Allocate {
    std::int64_t* (*make)(void* where, std::size_t words);
    void* where;
  };

  void Reset();
  void Add(double value, const Allocate& allocate) {
    const auto bits = std::bit_cast<std::uint64_t>(value);
    const int exponent = static_cast<int>(bits >> kMantissaBits & kSpecialExponent);
    const int offset = (exponent - 1) / kWordBits - first_;
    const bool fits = exponent != 0 && exponent != kSpecialExponent && offset >= 0 &&
                      offset + kWordsOfDouble <= size_;
    if (!fits || ++adds_ >= kMostAdds) return AddSlowly(value, allocate);
    AddBits(bits, exponent - 1, Words() + offset);
  }
  /// Takes `value` away, as if it had not been added.
  void Remove(double value, const Allocate& allocate);
  void Add(const ExactSum& other, const Allocate& allocate);
  /// As each by itself, faster: where all are alike in size, as most are, high and low parts of
  /// them are added up as doubles, which is exact for so few.
  void AddAll(std::span<const double> values, const Allocate& allocate);

  /// The nearest double, ties to even. NaN when one was added, or infinities of both signs.
  double Rounded() const { return Divided(1); }
  /// The nearest double to the sum divided by `count`, which is not 0.
  double Divided(std::uint64_t count) const;

  /// Calls visit(word, place) for the digits, which are signed and stand for word * 2^(32 place -
  /// 1074). Of a finite one.
  template <typename Visit>
  void VisitWords(const Visit& visit) const {
    const std::int64_t* words = Words();
    for (int i = 0; i < FiniteSize(); ++i) visit(words[i], first_ + i);
  }
  bool is_finite() const { return FiniteSize() == size_ || CountsAreZero(); }
  /// NaN or an infinity: what the sum is when it is not finite.
  double Special() const;

  /// Writes it behind `bytes`.
  void AppendTo(std::string& bytes) const;
  /// Adds what AppendTo wrote, and drops it from the front of `bytes`. False: it wrote none of it.
  bool AddFrom(ByteView& bytes, const Allocate& allocate);

 private:
  static constexpr int kInline = 5;
  static constexpr int kWordsOfDouble = 3;
  static constexpr int kMantissaBits = 52;
  static constexpr std::uint64_t kMantissa = (1ULL << kMantissaBits) - 1;
  static constexpr int kSpecialExponent = 0x7ff;
  static constexpr int kWordBits = 32;
  static constexpr std::uint64_t kWordMask = (1ULL << kWordBits) - 1;
  // An add puts less than 2^33 into a word, and two sums are added before they are carried.
  static constexpr std::uint32_t kMostAdds = 1U << 28;
  // Beyond what the largest doubles reach stand counts, two words each: of NaN, and of infinities.
  static constexpr int kCounts = 72;
  static constexpr int kNaN = kCounts, kPlus = kCounts + 2, kMinus = kCounts + 4;
  static constexpr int kEnd = kCounts + 6;

  const std::int64_t* Words() const { return far_ == nullptr ? near_.data() : far_; }
  std::int64_t* Words() { return far_ == nullptr ? near_.data() : far_; }
  int FiniteSize() const { return first_ + size_ > kCounts ? kCounts - first_ : size_; }
  bool CountsAreZero() const;
  std::int64_t CountAt(int place) const;

  // `position`: of the lowest bit of the mantissa, which stands in words[0].
  static void AddBits(std::uint64_t bits, int position, std::int64_t* words) {
    const std::uint64_t mantissa = (bits & kMantissa) | (kMantissa + 1);
    AddMantissa(mantissa, position % kWordBits, static_cast<std::int64_t>(bits) >> 63, words);
  }
  // `sign`: 0 or -1.
  static void AddMantissa(std::uint64_t mantissa, int shift, std::int64_t sign,
                          std::int64_t* words) {
    const std::uint64_t low = (mantissa & kWordMask) << shift;
    const std::uint64_t high = (mantissa >> kWordBits) << shift;
    const auto first = static_cast<std::int64_t>(low & kWordMask);
    const auto second = static_cast<std::int64_t>((low >> kWordBits) + (high & kWordMask));
    const auto third = static_cast<std::int64_t>(high >> kWordBits);
    words[0] += (first ^ sign) - sign;
    words[1] += (second ^ sign) - sign;
    words[2] += (third ^ sign) - sign;
  }

  void AddSlowly(double value, const Allocate& allocate);
  void CountSpecial(double value, std::int64_t times, const Allocate& allocate);
  bool AddParts(std::span<const double> values, const Allocate& allocate);
  /// Makes room for words `from` up to `to`.
  void Widen(int from, int to, const Allocate& allocate);
  /// Brings every word but the last of the number below 2^32.
  void Carry(const Allocate& allocate);

  std::array<std::int64_t, kInline> near_;
  std::int64_t* far_;
  std::int16_t first_;     ///< place of the first word
  std::int16_t size_;      ///< words in use
  std::int16_t capacity_;  ///< of far_
  std::uint32_t adds_;     ///< since the words were carried
};

}  // namespace weir::engine
