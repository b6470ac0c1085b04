#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/files.h"
#include "base/multihash.h"
#include "base/result.h"
#include "odf/dataset_id.h"
#include "odf/events.h"

namespace weir::datasets {

/// A dataset in a workspace of Kamu, as far as its chain tells without reading data.
struct KamuDataset {
  Files::Path path = {};       ///< of its repository
  std::string directory = {};  ///< the last part of it
  std::string alias = {};      ///< "population", "account/population"; empty: nothing says
  odf::DatasetId id = {};
  odf::DatasetKind kind = {};
  Multihash head = {};
  std::uint64_t blocks = 0;
  std::vector<std::string> inputs = {};  ///< DIDs of what it is derived from, as it is now
  std::string engine = {};               ///< of that transform
  /// Why nothing of the above is known but path and directory. kNotFound: what lies there is no
  /// dataset, as it has no refs/head.
  Status readable = {};
};

/// The datasets of the workspace at `path` (spec section 3): a directory .kamu, or one that holds
/// it. Whatever depends on another dataset of the workspace comes after it; otherwise by directory.
/// The whole is untrusted: blocks are checked against their hashes and walked back from the head,
/// and nothing but objects that blocks name is opened. kNotFound when there is no workspace,
/// kUnimplemented for one of a layout that is newer than we know.
Result<std::vector<KamuDataset>> ReadKamuWorkspace(const Context& context, Files& files,
                                                   const Files::Path& path);

}  // namespace weir::datasets
