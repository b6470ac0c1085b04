#include "engine/exact_sum.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <vector>

namespace weir::engine {
namespace {

constexpr int kMantissaBits = 52;
constexpr std::uint64_t kMantissa = (1ULL << kMantissaBits) - 1;
constexpr int kSpecialExponent = 0x7ff;
constexpr int kWordBits = 32;
constexpr std::uint64_t kWordMask = (1ULL << kWordBits) - 1;
// An add puts less than 2^33 into a word, and two sums are added before they are carried.
constexpr std::uint32_t kMostAdds = 1U << 28;
constexpr int kLowestPower = -1074;  // of two: the last bit of the smallest double

// A whole number without sign, its low words first, times a power of two.
struct Magnitude {
  std::vector<std::uint32_t> words = {};
  int power = 0;
  bool is_negative = false;
  bool has_more = false;  // something was left over below the last bit
};

Magnitude MagnitudeOf(const std::int64_t* words, int size, int first) {
  Magnitude result{.power = first * kWordBits + kLowestPower};
  const auto carry_through = [&](bool negate) {
    result.words.clear();
    std::int64_t carry = 0;
    for (int i = 0; i < size; ++i) {
      const std::int64_t sum = (negate ? -words[i] : words[i]) + carry;
      result.words.push_back(static_cast<std::uint32_t>(sum & std::int64_t{0xffffffff}));
      carry = sum >> kWordBits;
    }
    for (int i = 0; i < 2; ++i) {
      result.words.push_back(static_cast<std::uint32_t>(carry & std::int64_t{0xffffffff}));
      carry >>= kWordBits;
    }
    return carry < 0;
  };
  if (carry_through(false)) {
    result.is_negative = true;
    carry_through(true);
  }
  return result;
}

// Two more words below, and then the quotient; what remains is noted.
void Divide(Magnitude& number, std::uint64_t count) {
  number.words.insert(number.words.begin(), 4, 0);
  number.power -= 4 * kWordBits;
  unsigned __int128 rest = 0;
  for (auto word = number.words.rbegin(); word != number.words.rend(); ++word) {
    rest = (rest << kWordBits) | *word;
    *word = static_cast<std::uint32_t>(rest / count);
    rest %= count;
  }
  number.has_more = rest != 0;
}

bool BitAt(const Magnitude& number, int bit) {
  if (bit < 0) return false;
  return (number.words[static_cast<std::size_t>(bit / kWordBits)] >> (bit % kWordBits) & 1) != 0;
}

bool AnyBelow(const Magnitude& number, int bit) {
  if (number.has_more) return true;
  for (int i = 0; i < bit / kWordBits; ++i) {
    if (number.words[static_cast<std::size_t>(i)] != 0) return true;
  }
  if (bit <= 0 || bit % kWordBits == 0) return false;
  const std::uint32_t mask = (1U << (bit % kWordBits)) - 1;
  return (number.words[static_cast<std::size_t>(bit / kWordBits)] & mask) != 0;
}

double Round(const Magnitude& number) {
  int top = static_cast<int>(number.words.size()) - 1;
  while (top >= 0 && number.words[static_cast<std::size_t>(top)] == 0) --top;
  if (top < 0) return 0;
  const int highest =
      top * kWordBits + std::bit_width(number.words[static_cast<std::size_t>(top)]) - 1;
  // Bits from `lowest` on stay: 53, or fewer where the double has no smaller bit.
  const int lowest = std::max(highest - kMantissaBits, kLowestPower - number.power);
  std::uint64_t kept = 0;
  for (int bit = highest; bit >= lowest; --bit) kept = kept << 1 | (BitAt(number, bit) ? 1 : 0);
  const bool is_half = BitAt(number, lowest - 1);
  if (is_half && ((kept & 1) != 0 || AnyBelow(number, lowest - 1))) ++kept;
  const double value = std::ldexp(static_cast<double>(kept), lowest + number.power);
  return number.is_negative && value != 0 ? -value : value;
}

}  // namespace

void ExactSum::Reset() {
  near_.fill(0);
  far_ = nullptr;
  first_ = 0;
  size_ = 0;
  capacity_ = kInline;
  special_ = 0;
  adds_ = 0;
}

void ExactSum::Add(double value, const Allocate& allocate) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  if ((bits >> kMantissaBits & kSpecialExponent) != kSpecialExponent) {
    return AddFinite(bits, allocate);
  }
  special_ |= (bits & kMantissa) != 0 ? kNaN : value > 0 ? kPlus : kMinus;
}

void ExactSum::AddFinite(std::uint64_t bits, const Allocate& allocate) {
  const int exponent = static_cast<int>(bits >> kMantissaBits & kSpecialExponent);
  const std::uint64_t mantissa =
      exponent == 0 ? bits & kMantissa : (bits & kMantissa) | (kMantissa + 1);
  if (mantissa == 0) return;
  const int position = exponent == 0 ? 0 : exponent - 1;
  const int place = position / kWordBits;
  const int shift = position % kWordBits;
  if (size_ == 0 || place < first_ || place + 3 > first_ + size_) Widen(place, place + 3, allocate);
  if (++adds_ >= kMostAdds) Carry(allocate);
  std::int64_t* words = Words() + (place - first_);
  const std::uint64_t low = (mantissa & kWordMask) << shift;
  const std::uint64_t high = (mantissa >> kWordBits) << shift;
  const auto first = static_cast<std::int64_t>(low & kWordMask);
  const auto second = static_cast<std::int64_t>((low >> kWordBits) + (high & kWordMask));
  const auto third = static_cast<std::int64_t>(high >> kWordBits);
  const std::int64_t sign = static_cast<std::int64_t>(bits) >> 63;  // 0 or -1
  words[0] += (first ^ sign) - sign;
  words[1] += (second ^ sign) - sign;
  words[2] += (third ^ sign) - sign;
}

void ExactSum::Add(const ExactSum& other, const Allocate& allocate) {
  special_ |= other.special_;
  if (other.size_ == 0) return;
  const int end = other.first_ + other.size_;
  if (size_ == 0 || other.first_ < first_ || end > first_ + size_) {
    Widen(other.first_, end, allocate);
  }
  if (adds_ + std::uint64_t{other.adds_} + 1 >= kMostAdds) Carry(allocate);
  other.VisitWords([&](std::int64_t word, int place) { Words()[place - first_] += word; });
  adds_ = static_cast<std::uint32_t>(
      std::min<std::uint64_t>(std::uint64_t{adds_} + other.adds_ + 1, kMostAdds));
}

void ExactSum::Widen(int from, int to, const Allocate& allocate) {
  if (size_ != 0) {
    from = std::min<int>(from, first_);
    to = std::max<int>(to, first_ + size_);
  }
  const int size = to - from;
  const int shift = size_ == 0 ? 0 : first_ - from;
  std::int64_t* words = Words();
  if (size > capacity_) {
    const int capacity = size + 3;
    std::int64_t* grown = allocate(static_cast<std::size_t>(capacity));
    std::fill_n(grown, capacity, 0);
    std::copy_n(words, size_, grown + shift);
    far_ = grown;
    capacity_ = static_cast<std::int16_t>(capacity);
  } else {
    std::copy_backward(words, words + size_, words + size_ + shift);
    std::fill_n(words, shift, 0);
    std::fill(words + shift + size_, words + size, 0);
  }
  first_ = static_cast<std::int16_t>(from);
  size_ = static_cast<std::int16_t>(size);
}

void ExactSum::Carry(const Allocate& allocate) {
  if (size_ != 0) Widen(first_, first_ + size_ + 1, allocate);
  std::int64_t* words = Words();
  for (int i = 0; i + 1 < size_; ++i) {
    words[i + 1] += words[i] >> kWordBits;
    words[i] &= static_cast<std::int64_t>(kWordMask);
  }
  adds_ = 1;
}

double ExactSum::Special() const {
  if (special_ == kPlus) return std::numeric_limits<double>::infinity();
  if (special_ == kMinus) return -std::numeric_limits<double>::infinity();
  return std::numeric_limits<double>::quiet_NaN();
}

double ExactSum::Divided(std::uint64_t count) const {
  if (special_ != 0) return Special();
  Magnitude number = MagnitudeOf(Words(), size_, first_);
  if (count != 1) Divide(number, count);
  return Round(number);
}

}  // namespace weir::engine
