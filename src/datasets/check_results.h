#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/multihash.h"
#include "base/result.h"
#include "contracts/check.h"
#include "control/store.h"
#include "odf/dataset_id.h"

namespace weir::datasets {

/// The contract of a dataset as it is in force, beside its chain so that a commit finds it, and can
/// see in its transaction that it still is the one that was asked.
struct KeptContract {
  contracts::Contract checks = {};
  std::string text = {};  ///< as it is stored; empty: the dataset has none
};

Result<KeptContract> ReadContract(control::Snapshot& snapshot, const odf::DatasetId& id);
Status PutContract(control::Transaction& transaction, const odf::DatasetId& id,
                   const contracts::Contract& contract);

/// kConflict when another contract than `asked` is in force by now.
Status CheckContractHolds(control::Snapshot& snapshot, const odf::DatasetId& id,
                          const KeptContract& asked);

/// What came of one check.
enum class CheckStatus {
  kPassed,
  kWarned,
  kQuarantined,
  kRefused,
};
const char* NameOf(CheckStatus status);

struct CheckResult {
  std::string check = {};  ///< its name
  std::string kind = {};   ///< `notNull`
  CheckStatus status = CheckStatus::kPassed;
  /// Rows that failed; none for a check that looks at all of them at once.
  std::optional<std::uint64_t> failing = {};
  std::string message = {};  ///< without any row's values; empty when it passed

  bool operator==(const CheckResult&) const = default;
};

/// The results of one commit, or of a batch that was refused.
struct CheckedCommit {
  std::optional<Multihash> block = {};  ///< the head after it; none: nothing was committed
  Timestamp time = {};
  std::vector<CheckResult> results = {};
};

/// How many commits are remembered with their results.
inline constexpr std::size_t kMostCheckedCommits = 100;

/// Remembers a commit, and forgets the oldest beyond kMostCheckedCommits. The refusal there was is
/// over.
Status PutCheckedCommit(control::Transaction& transaction, const odf::DatasetId& id,
                        const CheckedCommit& commit);
/// Remembers what the newest batch was refused for.
Status PutRefusal(control::Transaction& transaction, const odf::DatasetId& id,
                  const CheckedCommit& refused);

/// The newest first, at most `limit`; a refusal comes before all commits.
Result<std::vector<CheckedCommit>> ReadCheckedCommits(control::Snapshot& snapshot,
                                                      const odf::DatasetId& id,
                                                      std::size_t limit = kMostCheckedCommits + 1);

}  // namespace weir::datasets
