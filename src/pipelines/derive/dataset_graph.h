#pragma once

#include <string>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "datasets/chain_store.h"
#include "datasets/directory.h"

namespace weir::pipelines {

/// A dataset among those that are to be brought up to date.
struct GraphNode {
  datasets::DatasetEntry entry = {};
  bool is_derivative = false;
  bool has_polling_source = false;
  std::vector<odf::DatasetId> inputs =
      {};  ///< of a derivative, also those that are not in the graph
  std::vector<odf::DatasetId> checked_against = {};  ///< other datasets that its checks read
};

/// What of a workspace is brought up to date together: the datasets of `names`, everything
/// downstream of them, and the derivatives between them and their sources; without names all
/// derivatives and all roots with a polling source. Inputs come before what reads them, and what
/// checks read before what is checked, unless they check each other; where nothing decides, by
/// name.
///
/// kNotFound names a dataset that is not there; kInvalid derivatives that read each other.
Result<std::vector<GraphNode>> GraphToPull(const Context& context, datasets::ChainStore& chains,
                                           const std::string& workspace,
                                           const std::vector<std::string>& names);

}  // namespace weir::pipelines
