#pragma once

#include <boost/json/value.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace weir::contracts {

/// What becomes of a commit when a check fails.
enum class OnFail {
  kRefuse,      ///< nothing of the batch is committed
  kQuarantine,  ///< the failing rows go to NAME$quarantine, the others are committed
  kWarn,        ///< everything is committed, and the result says so
};

/// Every one of the columns has a value.
struct NotNull {
  std::vector<std::string> columns = {};
};

/// No two rows of the state have the same values in the columns; a row with a null in one of them
/// is like no other.
struct Unique {
  std::vector<std::string> columns = {};
};

/// The column is null or has one of the values: texts, numbers or booleans.
struct AcceptedValues {
  std::string column = {};
  std::vector<boost::json::value> values = {};
};

/// The column is null or lies between the bounds, both included. A bound is a number, or a text
/// that the column's type reads: '2020-01-01'. NaN lies between no bounds.
struct Range {
  std::string column = {};
  std::optional<boost::json::value> min = {};
  std::optional<boost::json::value> max = {};
};

/// The column is null, or the pattern (RE2) matches the whole of its text.
struct Matches {
  std::string column = {};
  std::string pattern = {};
};

/// How many rows the state has after the commit, or how many the batch brings.
struct RowCount {
  enum class Of { kState, kBatch };
  Of of = Of::kState;
  std::optional<std::uint64_t> min = {};
  std::optional<std::uint64_t> max = {};
};

/// The newest event time of the dataset is not older than this.
struct Freshness {
  std::chrono::seconds max_age = {};
};

/// The column is null, or its value is one of column `key` of the state of `dataset`.
struct References {
  std::string column = {};
  std::string dataset = {};
  std::string key = {};
};

/// A query that must return no row. It reads `this`, `new_rows` and the datasets of `reads`.
struct NoRows {
  std::string query = {};
  std::vector<std::string> reads = {};
};

using Rule = std::variant<NotNull, Unique, AcceptedValues, Range, Matches, RowCount, Freshness,
                          References, NoRows>;

/// One promise about the rows of a dataset.
struct Check {
  std::string name = {};  ///< of the check, one of its kind in a contract
  OnFail on_fail = OnFail::kRefuse;
  Rule rule = {};
};

/// All checks of a dataset; at most kMostChecks.
using Contract = std::vector<Check>;

inline constexpr std::size_t kMostChecks = 60;  // bits of a mask

/// How manifests call the kind of a rule: `notNull`.
const char* KindOf(const Rule& rule);
/// How manifests write it: `refuse`.
const char* NameOf(OnFail on_fail);

/// Whether one row alone says whether it fails: notNull, acceptedValues, range and matches.
bool JudgesRows(const Rule& rule);
/// Whether it is single rows that fail, so that they can be put aside; of the others the whole
/// batch does.
bool FailsRows(const Rule& rule);

/// The columns that a rule names.
std::vector<std::string> ColumnsOf(const Rule& rule);
/// The other datasets that it reads, as it names them.
std::vector<std::string> DatasetsOf(const Rule& rule);

/// Whether a failing check of the contract puts rows aside.
bool Quarantines(const Contract& contract);

}  // namespace weir::contracts
