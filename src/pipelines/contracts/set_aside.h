#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"

namespace weir::pipelines {

/// A row that goes to quarantine.
struct SetAsideRow {
  std::size_t check = 0;                     ///< of the contract, the first that it failed
  std::string reason = {};                   ///< all that is wrong with it
  std::optional<std::uint64_t> number = {};  ///< of the input's rows, from 1; none: not known
  std::string record = {};                   ///< the row as JSON
};

/// The rows of one batch that go to quarantine. They are held in memory, so there is an end to
/// them: a batch beyond it is refused as a whole.
class SetAsideRows {
 public:
  /// kExhausted beyond kMostRows or kMostBytes.
  Status Add(SetAsideRow row);

  const std::vector<SetAsideRow>& rows() const { return rows_; }
  void Clear();

  static constexpr std::size_t kMostRows = 1'000'000;
  static constexpr std::size_t kMostBytes = 256 << 20;

 private:
  std::vector<SetAsideRow> rows_;
  std::size_t bytes_ = 0;
};

/// Rows that only all rows together showed to be bad, by their place among the rows that the merge
/// gives, from 0.
using BadPlaces = std::map<std::uint64_t, SetAsideRow>;

}  // namespace weir::pipelines
