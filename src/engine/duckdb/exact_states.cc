#include "engine/duckdb/exact_states.h"

#include <boost/multiprecision/cpp_int.hpp>
#include <cmath>
#include <cstring>
#include <limits>

namespace weir::engine {
namespace {

using Whole = boost::multiprecision::cpp_int;

// In units of 2^-1074.
Whole WholeOf(const ExactSum& sum) {
  Whole whole = 0;
  sum.VisitWords([&](std::int64_t word, int place) { whole += Whole(word) << (32 * place); });
  return whole;
}

// numerator / denominator * 2^power, rounded once. Both are positive.
double Quotient(const Whole& numerator, const Whole& denominator, int power) {
  constexpr int kBits = 64;
  const int have = static_cast<int>(msb(numerator)) - static_cast<int>(msb(denominator));
  const int shift = std::max(0, kBits - have);
  const Whole scaled = numerator << shift;
  Whole quotient = scaled / denominator;
  const bool has_more = quotient * denominator != scaled;
  const int drop = std::max(0, static_cast<int>(msb(quotient)) - (kBits - 3));
  const Whole top = quotient >> drop;
  auto kept = static_cast<std::uint64_t>(top);
  // The last bit stands for all that were dropped; it is far below what a double keeps.
  if (has_more || (top << drop) != quotient) kept |= 1;
  return std::ldexp(static_cast<double>(kept), drop - shift + power);
}

}  // namespace

void SumState::AppendTo(std::string& bytes) const {
  bytes.append(reinterpret_cast<const char*>(&count), sizeof(count));
  sum.AppendTo(bytes);
}

bool SumState::AddFrom(ByteView& bytes, const ExactSum::Allocate& allocate) {
  std::uint64_t more = 0;
  if (bytes.size() < sizeof(more)) return false;
  std::memcpy(&more, bytes.data(), sizeof(more));
  bytes = bytes.subspan(sizeof(more));
  count += more;
  return sum.AddFrom(bytes, allocate);
}

void SquareState::Add(double value, const ExactSum::Allocate& allocate) {
  values.Add(value, allocate);
  const double square = value * value;
  squares.Add(square, allocate);
  if (std::isfinite(square)) squares.Add(std::fma(value, value, -square), allocate);
}

void SquareState::Remove(double value, const ExactSum::Allocate& allocate) {
  values.Remove(value, allocate);
  const double square = value * value;
  squares.Remove(square, allocate);
  if (std::isfinite(square)) squares.Remove(std::fma(value, value, -square), allocate);
}

void SquareState::AppendTo(std::string& bytes) const {
  values.AppendTo(bytes);
  squares.AppendTo(bytes);
}

bool SquareState::AddFrom(ByteView& bytes, const ExactSum::Allocate& allocate) {
  return values.AddFrom(bytes, allocate) && squares.AddFrom(bytes, allocate);
}

double VarianceOf(const SquareState& state, bool is_sample) {
  if (!state.squares.is_finite() || !state.values.sum.is_finite()) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  const Whole count = state.values.count;
  const Whole sum = WholeOf(state.values.sum);
  // Sums are in units of 2^-1074, so their product is in units of its square.
  const Whole above = (count * WholeOf(state.squares) << 1074) - sum * sum;
  if (above <= 0) return 0;
  return Quotient(above, count * (is_sample ? Whole(count - 1) : count), -2 * 1074);
}

template <bool kIsSample, bool kIsRoot>
double SpreadKind<kIsSample, kIsRoot>::Result(const State& state) {
  const double variance = VarianceOf(state, kIsSample);
  return kIsRoot ? std::sqrt(variance) : variance;
}

template struct SpreadKind<true, false>;
template struct SpreadKind<false, false>;
template struct SpreadKind<true, true>;
template struct SpreadKind<false, true>;

double AverageOf(duckdb::hugeint_t whole, std::uint64_t count) {
  const auto sum =
      static_cast<__int128>(static_cast<unsigned __int128>(whole.upper) << 64 | whole.lower);
  constexpr std::int64_t kExact = 1LL << 53;  // doubles hold all whole numbers up to it
  if (sum >= -kExact && sum <= kExact && count <= static_cast<std::uint64_t>(kExact)) {
    return static_cast<double>(static_cast<std::int64_t>(sum)) / static_cast<double>(count);
  }
  const bool is_negative = sum < 0;
  const Whole magnitude = is_negative ? -Whole(sum) : Whole(sum);
  const double average = Quotient(magnitude, Whole(count), 0);
  return is_negative ? -average : average;
}

}  // namespace weir::engine
