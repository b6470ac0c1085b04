#pragma once

#include <cstdint>
#include <duckdb/common/hugeint.hpp>
#include <span>
#include <string>

#include "engine/exact_sum.h"

// What is kept of the values of a group, to which more can be added and from which some can be
// taken, and what is told of them. Each `Kind` names the state that it reads.

namespace weir::engine {

struct SumState {
  ExactSum sum;
  std::uint64_t count;

  void Reset() {
    sum.Reset();
    count = 0;
  }
  void Add(double value, const ExactSum::Allocate& allocate) {
    sum.Add(value, allocate);
    ++count;
  }
  void Remove(double value, const ExactSum::Allocate& allocate) {
    sum.Remove(value, allocate);
    --count;
  }
  void Add(const SumState& other, const ExactSum::Allocate& allocate) {
    sum.Add(other.sum, allocate);
    count += other.count;
  }
  void AddAll(std::span<const double> values, const ExactSum::Allocate& allocate) {
    sum.AddAll(values, allocate);
    count += values.size();
  }
  void AppendTo(std::string& bytes) const;
  bool AddFrom(ByteView& bytes, const ExactSum::Allocate& allocate);
};

/// A square is the sum of two doubles.
struct SquareState {
  SumState values;
  ExactSum squares;

  void Reset() {
    values.Reset();
    squares.Reset();
  }
  void Add(double value, const ExactSum::Allocate& allocate);
  void Remove(double value, const ExactSum::Allocate& allocate);
  void Add(const SquareState& other, const ExactSum::Allocate& allocate) {
    values.Add(other.values, allocate);
    squares.Add(other.squares, allocate);
  }
  void AddAll(std::span<const double> all, const ExactSum::Allocate& allocate) {
    for (const double value : all) Add(value, allocate);
  }
  void AppendTo(std::string& bytes) const;
  bool AddFrom(ByteView& bytes, const ExactSum::Allocate& allocate);
};

inline std::uint64_t CountOf(const SumState& state) { return state.count; }
inline std::uint64_t CountOf(const SquareState& state) { return state.values.count; }

struct SumKind {
  using State = SumState;
  static constexpr std::uint64_t kLeast = 1;  ///< values; of fewer there is no result
  static double Result(const State& state) { return state.sum.Rounded(); }
};

struct AverageKind {
  using State = SumState;
  static constexpr std::uint64_t kLeast = 1;
  static double Result(const State& state) { return state.sum.Divided(state.count); }
};

/// Its variance, of all values or of a sample, rounded once; 0 of equal values.
double VarianceOf(const SquareState& state, bool is_sample);

template <bool kIsSample, bool kIsRoot>
struct SpreadKind {
  using State = SquareState;
  static constexpr std::uint64_t kLeast = kIsSample ? 2 : 1;
  static double Result(const State& state);
};

/// sum / count, rounded once.
double AverageOf(duckdb::hugeint_t sum, std::uint64_t count);

}  // namespace weir::engine
