#include "engine/exact_sum.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

namespace weir::engine {
namespace {

constexpr int kMantissaBits = 52;
constexpr int kWordBits = 32;
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

// What is written before the words of a sum.
struct Head {
  std::uint32_t adds = 0;
  std::int16_t first = 0;
  std::int16_t size = 0;
};

// Parts of doubles, of which 2^11 add up without an error: whole multiples of 2^-40 of the largest.
constexpr int kPartBits = 40;
constexpr std::size_t kMostParts = 1U << 11;

// Adding it to a double, and taking it away again, leaves the part above 2^(top - kPartBits).
double Cutter(int top) { return std::ldexp(1.5, top - kPartBits + kMantissaBits); }

// Two doubles that the processor adds at once.
using Pair = double __attribute__((vector_size(16)));
using Bits = std::uint64_t __attribute__((vector_size(16)));

// The largest of the values without their signs; what NaN gives is not said.
double Largest(std::span<const double> values) {
  std::array<double, 4> most = {};
  std::size_t i = 0;
  for (; i + 4 <= values.size(); i += 4) {
    for (std::size_t lane = 0; lane < 4; ++lane) {
      most[lane] = std::max(most[lane], std::fabs(values[i + lane]));
    }
  }
  for (; i < values.size(); ++i) most[0] = std::max(most[0], std::fabs(values[i]));
  return std::max(std::max(most[0], most[1]), std::max(most[2], most[3]));
}

}  // namespace

void ExactSum::Reset() {
  near_.fill(0);
  far_ = nullptr;
  first_ = 0;
  size_ = 0;
  capacity_ = kInline;
  adds_ = 0;
}

void ExactSum::AddSlowly(double value, const Allocate& allocate) {
  if (!std::isfinite(value)) return CountSpecial(value, 1, allocate);
  if (value == 0) return;
  const auto bits = std::bit_cast<std::uint64_t>(value);
  const int exponent = static_cast<int>(bits >> kMantissaBits & kSpecialExponent);
  const int position = std::max(exponent - 1, 0);
  const int place = position / kWordBits;
  const int end = place + kWordsOfDouble;
  if (size_ == 0 || place < first_ || end > first_ + size_) Widen(place, end, allocate);
  if (++adds_ >= kMostAdds) Carry(allocate);
  const std::uint64_t mantissa =
      exponent == 0 ? bits & kMantissa : (bits & kMantissa) | (kMantissa + 1);
  AddMantissa(mantissa, position % kWordBits, static_cast<std::int64_t>(bits) >> 63,
              Words() + (place - first_));
}

void ExactSum::Remove(double value, const Allocate& allocate) {
  if (std::isfinite(value)) return Add(-value, allocate);
  CountSpecial(value, -1, allocate);
}

void ExactSum::CountSpecial(double value, std::int64_t times, const Allocate& allocate) {
  const int place = std::isnan(value) ? kNaN : value > 0 ? kPlus : kMinus;
  if (first_ + size_ < kEnd) Widen(kCounts, kEnd, allocate);
  Words()[place - first_] += times;
}

void ExactSum::Add(const ExactSum& other, const Allocate& allocate) {
  if (other.size_ == 0) return;
  const int end = other.first_ + other.size_;
  if (size_ == 0 || other.first_ < first_ || end > first_ + size_) {
    Widen(other.first_, end, allocate);
  }
  if (adds_ + std::uint64_t{other.adds_} + 1 >= kMostAdds) Carry(allocate);
  const std::int64_t* words = other.Words();
  for (int i = 0; i < other.size_; ++i) Words()[other.first_ + i - first_] += words[i];
  adds_ = static_cast<std::uint32_t>(
      std::min<std::uint64_t>(std::uint64_t{adds_} + other.adds_ + 1, kMostAdds));
}

void ExactSum::AddAll(std::span<const double> values, const Allocate& allocate) {
  while (!values.empty()) {
    const auto some = values.first(std::min(values.size(), kMostParts));
    if (!AddParts(some, allocate)) {
      for (const double value : some) Add(value, allocate);
    }
    values = values.subspan(some.size());
  }
}

// Cuts each value in two and adds up the parts; false, and nothing is added, where something is
// left below the second, or the values are at an end of what doubles can be.
bool ExactSum::AddParts(std::span<const double> values, const Allocate& allocate) {
  const double largest = Largest(values);
  if (largest == 0) return false;
  const int top = std::ilogb(largest) + 1;
  if (!(largest < 0x1p900) || top < -800) return false;
  const double first = Cutter(top);
  const double second = Cutter(top - kPartBits);
  const Pair first_cutter = {first, first};
  const Pair second_cutter = {second, second};
  std::array<Pair, 4> sums = {};  // of the high parts, and of the low ones, twice
  Bits left = {0, 0};
  const auto cut = [&](Pair value, Pair& high_sum, Pair& low_sum) {
    const Pair high = (value + first_cutter) - first_cutter;
    const Pair rest = value - high;
    const Pair low = (rest + second_cutter) - second_cutter;
    left |= std::bit_cast<Bits>(rest - low);
    high_sum += high;
    low_sum += low;
  };
  std::size_t i = 0;
  for (; i + 4 <= values.size(); i += 4) {
    cut(Pair{values[i], values[i + 1]}, sums[0], sums[1]);
    cut(Pair{values[i + 2], values[i + 3]}, sums[2], sums[3]);
  }
  for (; i < values.size(); ++i) cut(Pair{values[i], 0}, sums[0], sums[1]);
  if ((left[0] | left[1]) != 0) return false;
  for (const Pair& sum : sums) {
    Add(sum[0], allocate);
    Add(sum[1], allocate);
  }
  return true;
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
    std::int64_t* grown = allocate.make(allocate.where, static_cast<std::size_t>(capacity));
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
  if (size_ != 0 && FiniteSize() == size_) Widen(first_, first_ + size_ + 1, allocate);
  std::int64_t* words = Words();
  for (int i = 0; i + 1 < FiniteSize(); ++i) {
    words[i + 1] += words[i] >> kWordBits;
    words[i] &= static_cast<std::int64_t>(kWordMask);
  }
  adds_ = 1;
}

std::int64_t ExactSum::CountAt(int place) const {
  return first_ + size_ < kEnd ? 0 : Words()[place - first_];
}

bool ExactSum::CountsAreZero() const {
  return CountAt(kNaN) == 0 && CountAt(kPlus) == 0 && CountAt(kMinus) == 0;
}

double ExactSum::Special() const {
  if (CountAt(kNaN) == 0 && CountAt(kMinus) == 0) return std::numeric_limits<double>::infinity();
  if (CountAt(kNaN) == 0 && CountAt(kPlus) == 0) return -std::numeric_limits<double>::infinity();
  return std::numeric_limits<double>::quiet_NaN();
}

double ExactSum::Divided(std::uint64_t count) const {
  if (!is_finite()) return Special();
  Magnitude number = MagnitudeOf(Words(), FiniteSize(), first_);
  if (count != 1) Divide(number, count);
  return Round(number);
}

// Place, number of words and adds, and then the words, from the first to the last that is not 0.
void ExactSum::AppendTo(std::string& bytes) const {
  const std::int64_t* words = Words();
  int from = 0;
  int to = size_;
  while (to > from && words[to - 1] == 0) --to;
  while (to > from && words[from] == 0) ++from;
  Head head{.adds = adds_,
            .first = static_cast<std::int16_t>(first_ + from),
            .size = static_cast<std::int16_t>(to - from)};
  bytes.append(reinterpret_cast<const char*>(&head), sizeof(head));
  bytes.append(reinterpret_cast<const char*>(words + from),
               static_cast<std::size_t>(to - from) * sizeof(std::int64_t));
}

bool ExactSum::AddFrom(ByteView& bytes, const Allocate& allocate) {
  Head head;
  if (bytes.size() < sizeof(head)) return false;
  std::memcpy(&head, bytes.data(), sizeof(head));
  const std::size_t size =
      sizeof(head) + static_cast<std::size_t>(head.size) * sizeof(std::int64_t);
  const bool is_ours = head.size >= 0 && head.first >= 0 && head.first + head.size <= kEnd &&
                       head.adds <= kMostAdds && bytes.size() >= size;
  if (!is_ours) return false;
  std::array<std::int64_t, kEnd> words;
  std::memcpy(words.data(), bytes.data() + sizeof(head), size - sizeof(head));
  ExactSum other;
  other.near_.fill(0);
  other.far_ = words.data();
  other.first_ = head.first;
  other.size_ = head.size;
  other.capacity_ = kEnd;
  other.adds_ = head.adds;
  Add(other, allocate);
  bytes = bytes.subspan(size);
  return true;
}

}  // namespace weir::engine
