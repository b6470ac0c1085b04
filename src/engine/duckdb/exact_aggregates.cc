#include "engine/duckdb/exact_aggregates.h"

#include <algorithm>
#include <duckdb/catalog/catalog.hpp>
#include <duckdb/catalog/catalog_entry/aggregate_function_catalog_entry.hpp>
#include <duckdb/function/aggregate_function.hpp>
#include <duckdb/parser/parsed_data/create_aggregate_function_info.hpp>
#include <span>
#include <vector>

#include "engine/duckdb/exact_states.h"

namespace weir::engine {
namespace {

using duckdb::AggregateFunction;
using duckdb::AggregateInputData;
using duckdb::data_ptr_t;
using duckdb::idx_t;
using duckdb::LogicalType;
using duckdb::Vector;

std::int64_t* MakeWords(void* where, std::size_t words) {
  auto& allocator = *static_cast<duckdb::ArenaAllocator*>(where);
  return reinterpret_cast<std::int64_t*>(allocator.AllocateAligned(words * sizeof(std::int64_t)));
}

ExactSum::Allocate AllocateFrom(AggregateInputData& input) {
  return {.make = MakeWords, .where = &input.allocator};
}

// Whole numbers, for their average.
struct WholeState {
  duckdb::hugeint_t sum;
  std::uint64_t count;

  void Reset() {
    sum = 0;
    count = 0;
  }
  void Add(std::int64_t value, const ExactSum::Allocate& /*allocate*/) {
    sum += value;
    ++count;
  }
  void Add(const WholeState& other, const ExactSum::Allocate& /*allocate*/) {
    sum += other.sum;
    count += other.count;
  }
  void AddAll(std::span<const std::int64_t> values, const ExactSum::Allocate& allocate) {
    for (const std::int64_t value : values) Add(value, allocate);
  }
};
std::uint64_t CountOf(const WholeState& state) { return state.count; }

struct WholeAverageKind {
  using State = WholeState;
  static constexpr std::uint64_t kLeast = 1;
  static double Result(const State& state) { return AverageOf(state.sum, state.count); }
};

// Kinds whose result is a double.
template <typename Kind>
struct Told {
  using State = typename Kind::State;
  using Value = double;
  static constexpr std::uint64_t kLeast = Kind::kLeast;
  static Value Result(const State& state, Vector& /*into*/) { return Kind::Result(state); }
};

// States that are told as they are, as bytes.
template <typename Any>
struct Kept {
  using State = Any;
  using Value = duckdb::string_t;
  static constexpr std::uint64_t kLeast = 0;
  static Value Result(const State& state, Vector& into) {
    std::string bytes;
    state.AppendTo(bytes);
    return duckdb::StringVector::AddStringOrBlob(into, bytes);
  }
};

template <typename Kind, typename Input>
struct Functions {
  using State = typename Kind::State;
  using Value = typename Kind::Value;

  static idx_t Size(const AggregateFunction& /*function*/) { return sizeof(State); }
  static void Initialize(const AggregateFunction& /*function*/, data_ptr_t state) {
    reinterpret_cast<State*>(state)->Reset();
  }

  static void Update(Vector inputs[], AggregateInputData& data, idx_t columns, Vector& states,
                     idx_t count) {
    duckdb::UnifiedVectorFormat values;
    duckdb::UnifiedVectorFormat targets;
    inputs[0].ToUnifiedFormat(count, values);
    states.ToUnifiedFormat(count, targets);
    auto** pointers = reinterpret_cast<State**>(targets.data);
    const auto target = [&](idx_t i) { return pointers[targets.sel->get_index(i)]; };
    if (columns == 2) return UpdateBySign(values, inputs[1], data, count, target);
    const auto allocate = AllocateFrom(data);
    const auto* numbers = duckdb::UnifiedVectorFormat::GetData<Input>(values);
    for (idx_t i = 0; i < count; ++i) {
      const idx_t at = values.sel->get_index(i);
      if (values.validity.RowIsValid(at)) target(i)->Add(numbers[at], allocate);
    }
  }

  // Rows with a sign below 0 are taken away.
  template <typename Target>
  static void UpdateBySign(const duckdb::UnifiedVectorFormat& values, Vector& sign_vector,
                           AggregateInputData& data, idx_t count, const Target& target) {
    if constexpr (requires(State state) { state.Remove(Input(), AllocateFrom(data)); }) {
      duckdb::UnifiedVectorFormat signs;
      sign_vector.ToUnifiedFormat(count, signs);
      const auto allocate = AllocateFrom(data);
      const auto* numbers = duckdb::UnifiedVectorFormat::GetData<Input>(values);
      const auto* sign = duckdb::UnifiedVectorFormat::GetData<std::int32_t>(signs);
      for (idx_t i = 0; i < count; ++i) {
        const idx_t at = values.sel->get_index(i);
        if (!values.validity.RowIsValid(at)) continue;
        if (sign[signs.sel->get_index(i)] < 0) {
          target(i)->Remove(numbers[at], allocate);
        } else {
          target(i)->Add(numbers[at], allocate);
        }
      }
    }
  }

  static void UpdateOne(Vector inputs[], AggregateInputData& data, idx_t columns, data_ptr_t state,
                        idx_t count) {
    duckdb::UnifiedVectorFormat values;
    inputs[0].ToUnifiedFormat(count, values);
    auto& target = *reinterpret_cast<State*>(state);
    if (columns == 2) {
      return UpdateBySign(values, inputs[1], data, count, [&](idx_t) { return &target; });
    }
    const auto* numbers = duckdb::UnifiedVectorFormat::GetData<Input>(values);
    if (values.validity.AllValid() && !values.sel->IsSet()) {
      return target.AddAll({numbers, count}, AllocateFrom(data));
    }
    std::vector<Input> valid;
    valid.reserve(count);
    for (idx_t i = 0; i < count; ++i) {
      const idx_t at = values.sel->get_index(i);
      if (values.validity.RowIsValid(at)) valid.push_back(numbers[at]);
    }
    target.AddAll(valid, AllocateFrom(data));
  }

  static void Combine(Vector& sources, Vector& targets, AggregateInputData& data, idx_t count) {
    const auto allocate = AllocateFrom(data);
    auto** from = duckdb::FlatVector::GetData<State*>(sources);
    auto** to = duckdb::FlatVector::GetData<State*>(targets);
    for (idx_t i = 0; i < count; ++i) to[i]->Add(*from[i], allocate);
  }

  static void Finalize(Vector& states, AggregateInputData& /*data*/, Vector& result, idx_t count,
                       idx_t offset) {
    const bool is_constant = states.GetVectorType() == duckdb::VectorType::CONSTANT_VECTOR;
    result.SetVectorType(is_constant ? duckdb::VectorType::CONSTANT_VECTOR
                                     : duckdb::VectorType::FLAT_VECTOR);
    auto** all = is_constant ? duckdb::ConstantVector::GetData<State*>(states)
                             : duckdb::FlatVector::GetData<State*>(states);
    auto* values = is_constant ? duckdb::ConstantVector::GetData<Value>(result)
                               : duckdb::FlatVector::GetData<Value>(result);
    auto& validity = is_constant ? duckdb::ConstantVector::Validity(result)
                                 : duckdb::FlatVector::Validity(result);
    for (idx_t i = 0; i < (is_constant ? 1 : count); ++i) {
      const idx_t at = is_constant ? 0 : i + offset;
      if (CountOf(*all[i]) < Kind::kLeast) {
        validity.SetInvalid(at);
      } else {
        values[at] = Kind::Result(*all[i], result);
      }
    }
  }

  static AggregateFunction Make(const std::string& name,
                                const duckdb::vector<LogicalType>& arguments,
                                const LogicalType& result) {
    return {name,     arguments,  result,
            Size,     Initialize, Update,
            Combine,  Finalize,   duckdb::FunctionNullHandling::DEFAULT_NULL_HANDLING,
            UpdateOne};
  }
};

template <typename Kind>
AggregateFunction OfDoubles(const std::string& name) {
  return Functions<Told<Kind>, double>::Make(name, {LogicalType::DOUBLE}, LogicalType::DOUBLE);
}

bool IsOurs(const AggregateFunction& builtin, const duckdb::vector<LogicalType>& ours) {
  return builtin.arguments.size() == 1 &&
         std::ranges::find(ours, builtin.arguments[0]) != ours.end();
}

void Create(duckdb::Connection& connection, duckdb::AggregateFunctionSet set) {
  duckdb::CreateAggregateFunctionInfo info(std::move(set));
  info.on_conflict = duckdb::OnCreateConflict::ALTER_ON_CONFLICT;
  duckdb::Catalog::GetSystemCatalog(*connection.context).CreateFunction(*connection.context, info);
}

// What the engine's `builtin` has for types that are not `ours`.
duckdb::AggregateFunctionSet OthersOf(duckdb::Connection& connection, const char* builtin,
                                      const std::string& name,
                                      const duckdb::vector<LogicalType>& ours) {
  duckdb::AggregateFunctionSet set(name);
  const auto& entry = duckdb::Catalog::GetSystemCatalog(*connection.context)
                          .GetEntry<duckdb::AggregateFunctionCatalogEntry>(*connection.context,
                                                                           DEFAULT_SCHEMA, builtin);
  for (auto function : entry.functions.functions) {
    if (!IsOurs(function, ours)) set.AddFunction(std::move(function));
  }
  return set;
}

void CreateSum(duckdb::Connection& connection) {
  auto set = OthersOf(connection, "sum", "exact_sum", {LogicalType::DOUBLE, LogicalType::FLOAT});
  set.AddFunction(OfDoubles<SumKind>("exact_sum"));
  Create(connection, std::move(set));
}

void CreateAverage(duckdb::Connection& connection) {
  auto set = OthersOf(connection, "avg", "exact_avg",
                      {LogicalType::DOUBLE, LogicalType::FLOAT, LogicalType::TINYINT,
                       LogicalType::SMALLINT, LogicalType::INTEGER, LogicalType::BIGINT});
  set.AddFunction(OfDoubles<AverageKind>("exact_avg"));
  set.AddFunction(Functions<Told<WholeAverageKind>, std::int64_t>::Make(
      "exact_avg", {LogicalType::BIGINT}, LogicalType::DOUBLE));
  Create(connection, std::move(set));
}

template <typename Kind>
void CreateSpread(duckdb::Connection& connection, const std::string& name) {
  duckdb::AggregateFunctionSet set(name);
  set.AddFunction(OfDoubles<Kind>(name));
  Create(connection, std::move(set));
}

template <typename State>
void CreateKept(duckdb::Connection& connection, const std::string& name) {
  using Made = Functions<Kept<State>, double>;
  duckdb::AggregateFunctionSet set(name);
  set.AddFunction(Made::Make(name, {LogicalType::DOUBLE}, LogicalType::BLOB));
  set.AddFunction(Made::Make(name, {LogicalType::DOUBLE, LogicalType::INTEGER}, LogicalType::BLOB));
  Create(connection, std::move(set));
}

}  // namespace

void RegisterExactAggregates(duckdb::Connection& connection) {
  connection.BeginTransaction();
  CreateSum(connection);
  CreateAverage(connection);
  CreateSpread<SpreadKind<true, false>>(connection, "exact_var_samp");
  CreateSpread<SpreadKind<false, false>>(connection, "exact_var_pop");
  CreateSpread<SpreadKind<true, true>>(connection, "exact_stddev_samp");
  CreateSpread<SpreadKind<false, true>>(connection, "exact_stddev_pop");
  CreateKept<SumState>(connection, "keep_sum");
  CreateKept<SquareState>(connection, "keep_squares");
  connection.Commit();
}

}  // namespace weir::engine
