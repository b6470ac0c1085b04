#include "engine/duckdb/kept_functions.h"

#include <duckdb/catalog/catalog.hpp>
#include <duckdb/execution/expression_executor.hpp>
#include <duckdb/function/create_sort_key.hpp>
#include <duckdb/parser/parsed_data/create_scalar_function_info.hpp>
#include <memory>
#include <vector>

#include "engine/duckdb/exact_states.h"
#include "engine/duckdb/statement_state.h"
#include "engine/sum_words.h"

namespace weir::engine {
namespace {

using duckdb::DataChunk;
using duckdb::ExpressionState;
using duckdb::LogicalType;
using duckdb::string_t;
using duckdb::Vector;

template <typename State>
void AddFrom(string_t bytes, State& state, SumWords& words) {
  ByteView rest = AsBytes({bytes.GetData(), bytes.GetSize()});
  if (!state.AddFrom(rest, words.Allocator()) || !rest.empty()) {
    throw duckdb::InvalidInputException("these bytes are no kept state of a group");
  }
}

template <typename State>
void AddStates(DataChunk& arguments, ExpressionState& /*state*/, Vector& result) {
  duckdb::BinaryExecutor::Execute<string_t, string_t, string_t>(
      arguments.data[0], arguments.data[1], result, arguments.size(),
      [&](string_t left, string_t right) {
        SumWords words;
        State sum;
        sum.Reset();
        AddFrom(left, sum, words);
        AddFrom(right, sum, words);
        std::string bytes;
        sum.AppendTo(bytes);
        return duckdb::StringVector::AddStringOrBlob(result, bytes);
      });
}

template <typename Kind>
void Tell(DataChunk& arguments, ExpressionState& /*state*/, Vector& result) {
  duckdb::UnaryExecutor::ExecuteWithNulls<string_t, double>(
      arguments.data[0], result, arguments.size(),
      [&](string_t bytes, duckdb::ValidityMask& validity, duckdb::idx_t row) {
        SumWords words;
        typename Kind::State state;
        state.Reset();
        AddFrom(bytes, state, words);
        if (CountOf(state) >= Kind::kLeast) return Kind::Result(state);
        validity.SetInvalid(row);
        return 0.0;
      });
}

void TellWholeAverage(DataChunk& arguments, ExpressionState& /*state*/, Vector& result) {
  duckdb::BinaryExecutor::ExecuteWithNulls<duckdb::hugeint_t, std::int64_t, double>(
      arguments.data[0], arguments.data[1], result, arguments.size(),
      [](duckdb::hugeint_t sum, std::int64_t count, duckdb::ValidityMask& validity,
         duckdb::idx_t row) {
        if (count > 0) return AverageOf(sum, static_cast<std::uint64_t>(count));
        validity.SetInvalid(row);
        return 0.0;
      });
}

void FindState(DataChunk& arguments, ExpressionState& state, Vector& result) {
  const std::string name = arguments.data[0].GetValue(0).ToString();
  const auto groups = StatementState::Of(state.GetContext())->FindGroups(name);
  if (!groups) throw duckdb::PermissionException("this statement has no groups %s", name);
  duckdb::UnaryExecutor::ExecuteWithNulls<string_t, string_t>(
      arguments.data[1], result, arguments.size(),
      [&](string_t key, duckdb::ValidityMask& validity, duckdb::idx_t row) {
        const auto found = groups->Find({key.GetData(), key.GetSize()});
        if (found)
          return duckdb::StringVector::AddStringOrBlob(result, found->data(), found->size());
        validity.SetInvalid(row);
        return string_t();
      });
}

void Create(duckdb::Connection& connection, duckdb::ScalarFunction function) {
  duckdb::CreateScalarFunctionInfo info(std::move(function));
  info.on_conflict = duckdb::OnCreateConflict::ALTER_ON_CONFLICT;
  duckdb::Catalog::GetSystemCatalog(*connection.context).CreateFunction(*connection.context, info);
}

template <typename Kind>
void CreateTelling(duckdb::Connection& connection, const std::string& name) {
  Create(connection, {name, {LogicalType::BLOB}, LogicalType::DOUBLE, Tell<Kind>});
}

template <typename State>
void CreateAdding(duckdb::Connection& connection, const std::string& name) {
  Create(connection,
         {name, {LogicalType::BLOB, LogicalType::BLOB}, LogicalType::BLOB, AddStates<State>});
}

}  // namespace

void RegisterKeptFunctions(duckdb::Connection& connection) {
  connection.BeginTransaction();
  CreateAdding<SumState>(connection, "add_kept_sums");
  CreateAdding<SquareState>(connection, "add_kept_squares");
  CreateTelling<SumKind>(connection, "kept_sum");
  CreateTelling<AverageKind>(connection, "kept_avg");
  CreateTelling<SpreadKind<true, false>>(connection, "kept_var_samp");
  CreateTelling<SpreadKind<false, false>>(connection, "kept_var_pop");
  CreateTelling<SpreadKind<true, true>>(connection, "kept_stddev_samp");
  CreateTelling<SpreadKind<false, true>>(connection, "kept_stddev_pop");
  Create(connection, {"kept_whole_avg",
                      {LogicalType::HUGEINT, LogicalType::BIGINT},
                      LogicalType::DOUBLE,
                      TellWholeAverage});
  Create(connection,
         {"group_state", {LogicalType::VARCHAR, LogicalType::BLOB}, LogicalType::BLOB, FindState});
  auto decode = duckdb::DecodeSortKeyFun::GetFunction();
  decode.name = duckdb::DecodeSortKeyFun::Name;
  Create(connection, std::move(decode));
  connection.Commit();
}

}  // namespace weir::engine
