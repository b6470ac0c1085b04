#pragma once

#include <span>
#include <string>

#include "base/result.h"
#include "contracts/check.h"

namespace weir::contracts {

/// A column as SQL has it at hand.
struct ColumnAtHand {
  std::string name = {};  ///< as the dataset calls it
  std::string sql = {};   ///< as the statement does
  std::string type = {};  ///< as the engine writes it
};

/// The column of that name; kInvalid names the check and the columns there are.
Result<ColumnAtHand> FindColumn(const Check& check, const std::string& name,
                                std::span<const ColumnAtHand> columns);

/// The condition under which a row fails `check`, which JudgesRows; null counts as false.
Result<std::string> FailsSql(const Check& check, std::span<const ColumnAtHand> columns);

/// All checks that judge rows as one number: bit i is set where the row fails check i of the
/// contract. 0 for almost every row, and as cheap as the conditions are there. Of rows that `op`
/// says are retracted, or what a correction was made from, it is 0: they are there already.
/// Empty when no check judges rows.
Result<std::string> FailedMaskSql(const Contract& contract, const std::string& op,
                                  std::span<const ColumnAtHand> columns);

/// What is wrong with a row that fails the check, in words and without its values: `id is null`.
std::string Wrong(const Check& check);

}  // namespace weir::contracts
