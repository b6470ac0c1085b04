#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/multihash.h"
#include "base/result.h"
#include "datasets/chain_store.h"
#include "pipelines/derive/derive.h"

namespace weir::pipelines {

/// Up to where a derivative has read an input, and where that is.
struct ConsumedInput {
  std::string alias = {};
  odf::DatasetId id = {};
  std::string workspace = {};  ///< empty: it is not in this home
  std::string name = {};
  struct Block {
    Multihash hash = {};
    std::uint64_t sequence_number = 0;
  };
  std::optional<Block> consumed = {};  ///< none: nothing yet
  std::optional<Block> head = {};
  std::uint64_t records_behind = 0;
  std::string problem = {};  ///< why not all is known of it; empty: all is
};

/// How a derivative comes to be, for people.
struct Derivation {
  std::string engine = {};  ///< of its transform
  /// None: `problem` says why.
  std::optional<DerivePlan> plan = {};
  std::string problem = {};
  std::vector<ConsumedInput> inputs = {};
};

/// What is known of it now; what cannot be read is part of the answer. kInvalid: `id` is no
/// derivative or has no transform yet; kNotFound: there is no such dataset.
Result<Derivation> ReadDerivation(const Context& context, datasets::ChainStore& chains,
                                  Deriver& deriver, const odf::DatasetId& id);

}  // namespace weir::pipelines
