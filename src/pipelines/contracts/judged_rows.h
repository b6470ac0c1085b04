#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "contracts/check.h"
#include "engine/engine.h"
#include "pipelines/contracts/distinct_values.h"
#include "pipelines/contracts/findings.h"
#include "pipelines/contracts/set_aside.h"

namespace weir::pipelines {

/// The columns that follow a row on its way to being judged, last of all columns and in this order:
///   failed BIGINT   bit i: it fails check i of the contract (contracts/row_rule.h); called
///                   kFailedInOrder when rows come in the order of the input, so that counting
///                   tells which is which
///   record VARCHAR  the row as JSON, where it fails something; there if the contract quarantines
///   place BIGINT    its number among the input's rows; there if it is known and counting is no use
inline constexpr const char* kFailed = "failed";
inline constexpr const char* kFailedInOrder = "failed, in the order of the input";
inline constexpr const char* kRecord = "record";
inline constexpr const char* kPlace = "place";

/// What became of the rows that went by; complete at their end.
struct RowTally {
  Findings findings = {};  ///< of the checks that judge rows
  SetAsideRows set_aside = {};
  std::uint64_t seen = 0;                   ///< rows that the merge gave
  std::vector<std::uint64_t> dropped = {};  ///< places of those not given out, ascending
  /// By the number of the check: the values of unique checks of one column, in rows given out.
  std::map<std::size_t, DistinctValues> unique = {};
  bool is_in_input_order = false;  ///< a row's place is its number in the input, less one

  /// The places among the rows that the merge gave of rows given out, by their places among those;
  /// both ascending.
  std::vector<std::uint64_t> PlacesOf(const std::vector<std::uint64_t>& given) const;
};

struct JudgedRowsOptions {
  const contracts::Contract& contract;
  const BadPlaces& bad;  ///< put aside whatever their columns say
  RowTally& tally;       ///< begins anew
  std::string op;        ///< the name of that column
  std::string what;      ///< `orders refuses orders.csv`
  /// How messages call the n-th row of the input.
  std::function<std::string(std::uint64_t)> place;
};

/// The rows of a merge without those that go to quarantine, and without the judging columns. The
/// other half of a correction goes with it, so that the row stays what it was.
///
/// Once a row fails a check that refuses, no more rows are given out; the others are still read,
/// for the number of them, and the end is kInvalid.
class JudgedRows final : public engine::RowStream {
 public:
  JudgedRows(std::unique_ptr<engine::RowStream> rows, JudgedRowsOptions options);

  std::shared_ptr<arrow::Schema> schema() const override { return schema_; }
  Result<std::shared_ptr<arrow::RecordBatch>> Next() override;

 private:
  class Judging;

  Result<std::shared_ptr<arrow::RecordBatch>> NextBatch();
  Result<std::shared_ptr<arrow::RecordBatch>> Judge(
      const std::shared_ptr<arrow::RecordBatch>& batch);

  void WatchUnique(const arrow::RecordBatch& rows);

  std::unique_ptr<engine::RowStream> rows_;
  int record_ = -1;  ///< columns; -1: there is none
  int place_ = -1;
  JudgedRowsOptions options_;
  std::shared_ptr<arrow::Schema> schema_;
  std::shared_ptr<arrow::RecordBatch> held_;  ///< the beginnings of corrections that may be bad
  bool refuses_ = false;
  bool ended_ = false;
};

}  // namespace weir::pipelines
