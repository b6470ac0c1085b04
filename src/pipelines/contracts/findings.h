#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "contracts/check.h"
#include "datasets/check_results.h"

namespace weir::pipelines {

/// What was found of one check.
struct Finding {
  bool asked = false;
  bool failed = false;
  std::optional<std::uint64_t> rows = {};  ///< that fail; none where it is not rows that do
  /// Of the first few: place and value, for whoever sent the rows and for nobody else.
  std::vector<std::string> examples = {};
  std::string message = {};  ///< without values of any row
};

/// One for each check of a contract, in its order.
using Findings = std::vector<Finding>;

inline constexpr std::size_t kMostExamples = 3;

/// `1 row`, `2 rows`.
std::string RowsInWords(std::uint64_t rows);

/// `value` short enough to stand in a message.
std::string Shortened(std::string value);

/// Takes over what `more` found; rows and examples add up.
void AddFindings(Findings& findings, const Findings& more);

/// Whether a check failed that lets nothing of the batch through.
bool Refuses(const contracts::Contract& contract, const Findings& findings);

/// kInvalid names every check that refuses the batch, with how many rows and some of them, after
/// `what`: `orders refuses orders.csv`.
Error RefusalOf(const contracts::Contract& contract, const Findings& findings,
                const std::string& what);

/// As they are kept: of the checks that were asked. A row that refuses its batch spares the others.
std::vector<datasets::CheckResult> ResultsOf(const contracts::Contract& contract,
                                             const Findings& findings);

}  // namespace weir::pipelines
