#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "datasets/chain_store.h"
#include "datasets/split_store.h"

namespace weir::datasets {

/// Datasets whose repository is not where it is looked for.
struct MissingRepositories {
  std::vector<odf::DatasetId> roots = {};
  std::vector<odf::DatasetId> derivatives = {};  ///< which can be computed again
};

/// Looks for the repositories of `ids`, whose refs/head is not the head that we committed. One
/// whose head was never published, and one that has the block and lacks only refs/head, is not
/// missing.
///
/// kInvalid when a repository lies in the store of the other kind: the stores are exchanged, or
/// were changed before their files were moved. `split` is null when all are in one.
Result<MissingRepositories> FindMissing(const Context& context, ChainStore& chains,
                                        SplitStore* split, const std::vector<odf::DatasetId>& ids);

/// kUnavailable when roots are missing and no root of the home is where it should be: it is the
/// store that is missing.
Status CheckRootsAreThere(const Context& context, ChainStore& chains,
                          const MissingRepositories& missing);

/// What the dataset is called, for messages; its id when it has no name.
std::string NameOfDataset(const Context& context, ChainStore& chains, const odf::DatasetId& id);

}  // namespace weir::datasets
