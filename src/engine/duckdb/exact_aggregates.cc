#include "engine/duckdb/exact_aggregates.h"

#include <boost/multiprecision/cpp_int.hpp>
#include <cmath>
#include <duckdb/catalog/catalog.hpp>
#include <duckdb/catalog/catalog_entry/aggregate_function_catalog_entry.hpp>
#include <duckdb/function/aggregate_function.hpp>
#include <duckdb/parser/parsed_data/create_aggregate_function_info.hpp>

#include "engine/exact_sum.h"

namespace weir::engine {
namespace {

using duckdb::AggregateFunction;
using duckdb::AggregateInputData;
using duckdb::data_ptr_t;
using duckdb::idx_t;
using duckdb::LogicalType;
using duckdb::Vector;
using Whole = boost::multiprecision::cpp_int;

ExactSum::Allocate AllocateFrom(AggregateInputData& input) {
  return [&allocator = input.allocator](std::size_t words) {
    return reinterpret_cast<std::int64_t*>(allocator.Allocate(words * sizeof(std::int64_t)));
  };
}

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
  void Add(const SumState& other, const ExactSum::Allocate& allocate) {
    sum.Add(other.sum, allocate);
    count += other.count;
  }
};

struct SquareState {
  SumState values;
  ExactSum squares;

  void Reset() {
    values.Reset();
    squares.Reset();
  }
  // A square is the sum of two doubles.
  void Add(double value, const ExactSum::Allocate& allocate) {
    values.Add(value, allocate);
    const double square = value * value;
    squares.Add(square, allocate);
    if (std::isfinite(square)) squares.Add(std::fma(value, value, -square), allocate);
  }
  void Add(const SquareState& other, const ExactSum::Allocate& allocate) {
    values.Add(other.values, allocate);
    squares.Add(other.squares, allocate);
  }
};

struct Sum {
  using State = SumState;
  static constexpr std::uint64_t kLeast = 1;
  static double Result(const State& state) { return state.sum.Rounded(); }
};

struct Average {
  using State = SumState;
  static constexpr std::uint64_t kLeast = 1;
  static double Result(const State& state) { return state.sum.Divided(state.count); }
};

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

template <bool kIsSample, bool kIsRoot>
struct Spread {
  using State = SquareState;
  static constexpr std::uint64_t kLeast = kIsSample ? 2 : 1;
  static double Result(const State& state) {
    if (!state.squares.is_finite() || !state.values.sum.is_finite()) {
      return std::numeric_limits<double>::quiet_NaN();
    }
    const Whole count = state.values.count;
    const Whole sum = WholeOf(state.values.sum);
    // Sums are in units of 2^-1074, so their product is in units of its square.
    const Whole above = (count * WholeOf(state.squares) << 1074) - sum * sum;
    if (above <= 0) return 0;
    const double variance =
        Quotient(above, count * (kIsSample ? Whole(count - 1) : count), -2 * 1074);
    return kIsRoot ? std::sqrt(variance) : variance;
  }
};

template <typename Kind>
struct Functions {
  using State = typename Kind::State;

  static idx_t Size(const AggregateFunction& /*function*/) { return sizeof(State); }
  static void Initialize(const AggregateFunction& /*function*/, data_ptr_t state) {
    reinterpret_cast<State*>(state)->Reset();
  }

  static void Update(Vector inputs[], AggregateInputData& data, idx_t /*columns*/, Vector& states,
                     idx_t count) {
    duckdb::UnifiedVectorFormat values;
    duckdb::UnifiedVectorFormat targets;
    inputs[0].ToUnifiedFormat(count, values);
    states.ToUnifiedFormat(count, targets);
    const auto allocate = AllocateFrom(data);
    const auto* numbers = duckdb::UnifiedVectorFormat::GetData<double>(values);
    auto** pointers = reinterpret_cast<State**>(targets.data);
    for (idx_t i = 0; i < count; ++i) {
      const idx_t at = values.sel->get_index(i);
      if (!values.validity.RowIsValid(at)) continue;
      pointers[targets.sel->get_index(i)]->Add(numbers[at], allocate);
    }
  }

  static void UpdateOne(Vector inputs[], AggregateInputData& data, idx_t /*columns*/,
                        data_ptr_t state, idx_t count) {
    duckdb::UnifiedVectorFormat values;
    inputs[0].ToUnifiedFormat(count, values);
    const auto allocate = AllocateFrom(data);
    const auto* numbers = duckdb::UnifiedVectorFormat::GetData<double>(values);
    auto& target = *reinterpret_cast<State*>(state);
    for (idx_t i = 0; i < count; ++i) {
      const idx_t at = values.sel->get_index(i);
      if (values.validity.RowIsValid(at)) target.Add(numbers[at], allocate);
    }
  }

  static void Combine(Vector& sources, Vector& targets, AggregateInputData& data, idx_t count) {
    const auto allocate = AllocateFrom(data);
    auto** from = duckdb::FlatVector::GetData<State*>(sources);
    auto** to = duckdb::FlatVector::GetData<State*>(targets);
    for (idx_t i = 0; i < count; ++i) to[i]->Add(*from[i], allocate);
  }

  static std::uint64_t CountOf(const SumState& state) { return state.count; }
  static std::uint64_t CountOf(const SquareState& state) { return state.values.count; }

  static void Finalize(Vector& states, AggregateInputData& /*data*/, Vector& result, idx_t count,
                       idx_t offset) {
    const bool is_constant = states.GetVectorType() == duckdb::VectorType::CONSTANT_VECTOR;
    result.SetVectorType(is_constant ? duckdb::VectorType::CONSTANT_VECTOR
                                     : duckdb::VectorType::FLAT_VECTOR);
    auto** all = is_constant ? duckdb::ConstantVector::GetData<State*>(states)
                             : duckdb::FlatVector::GetData<State*>(states);
    auto* values = is_constant ? duckdb::ConstantVector::GetData<double>(result)
                               : duckdb::FlatVector::GetData<double>(result);
    auto& validity = is_constant ? duckdb::ConstantVector::Validity(result)
                                 : duckdb::FlatVector::Validity(result);
    for (idx_t i = 0; i < (is_constant ? 1 : count); ++i) {
      const idx_t at = is_constant ? 0 : i + offset;
      if (CountOf(*all[i]) < Kind::kLeast) {
        validity.SetInvalid(at);
      } else {
        values[at] = Kind::Result(*all[i]);
      }
    }
  }

  static AggregateFunction Make(const std::string& name) {
    return {name,
            {LogicalType::DOUBLE},
            LogicalType::DOUBLE,
            Size,
            Initialize,
            Update,
            Combine,
            Finalize,
            duckdb::FunctionNullHandling::DEFAULT_NULL_HANDLING,
            UpdateOne};
  }
};

bool IsFloating(const AggregateFunction& function) {
  return function.arguments.size() == 1 && (function.arguments[0] == LogicalType::DOUBLE ||
                                            function.arguments[0] == LogicalType::FLOAT);
}

// `made` for doubles, and what the engine's `builtin` has for other types.
void Add(duckdb::Connection& connection, AggregateFunction made, const char* builtin) {
  duckdb::AggregateFunctionSet set(made.name);
  auto& catalog = duckdb::Catalog::GetSystemCatalog(*connection.context);
  if (builtin != nullptr) {
    const auto& entry = catalog.GetEntry<duckdb::AggregateFunctionCatalogEntry>(
        *connection.context, DEFAULT_SCHEMA, builtin);
    for (auto function : entry.functions.functions) {
      if (!IsFloating(function)) set.AddFunction(std::move(function));
    }
  }
  set.AddFunction(std::move(made));
  duckdb::CreateAggregateFunctionInfo info(std::move(set));
  info.on_conflict = duckdb::OnCreateConflict::ALTER_ON_CONFLICT;
  catalog.CreateFunction(*connection.context, info);
}

}  // namespace

void RegisterExactAggregates(duckdb::Connection& connection) {
  connection.BeginTransaction();
  Add(connection, Functions<Sum>::Make("exact_sum"), "sum");
  Add(connection, Functions<Average>::Make("exact_avg"), "avg");
  Add(connection, Functions<Spread<true, false>>::Make("exact_var_samp"), nullptr);
  Add(connection, Functions<Spread<false, false>>::Make("exact_var_pop"), nullptr);
  Add(connection, Functions<Spread<true, true>>::Make("exact_stddev_samp"), nullptr);
  Add(connection, Functions<Spread<false, true>>::Make("exact_stddev_pop"), nullptr);
  connection.Commit();
}

}  // namespace weir::engine
