#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/context.h"
#include "base/files.h"
#include "base/result.h"
#include "contracts/check.h"
#include "datasets/append.h"
#include "datasets/chain_store.h"
#include "datasets/pins.h"
#include "pipelines/contracts/set_aside.h"

namespace weir::pipelines {

/// Rows on their way into the quarantine of a dataset (datasets/quarantine.h).
struct QuarantineInput {
  const contracts::Contract& contract;
  const std::vector<SetAsideRow>& rows;  ///< at least one
  std::string source = {};               ///< the input's name
  /// How messages call the n-th row of the input.
  std::function<std::string(std::uint64_t)> place = {};
  Timestamp now = {};  ///< the event time of all of them
};

/// A block that is ready to be appended to the quarantine's chain.
struct QuarantineBlock {
  datasets::AppendRequest request = {};
  std::unique_ptr<datasets::Pin> pin = {};  ///< held until it is
};

struct QuarantinePlace {
  datasets::ChainStore& chains;
  Files& files;
  const std::filesystem::path& scratch;
  const Clock& clock;
};

/// Writes the rows as a slice on top of `record`, the quarantine's chain.
Result<QuarantineBlock> MakeQuarantineBlock(const Context& context, const QuarantinePlace& place,
                                            const odf::DatasetId& quarantine,
                                            const datasets::ChainRecord& record,
                                            const QuarantineInput& input);

}  // namespace weir::pipelines
