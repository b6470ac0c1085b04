#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "datasets/chain_store.h"
#include "datasets/directory.h"
#include "engine/query_lineage.h"
#include "pipelines/bench_pool.h"

namespace weir::pipelines {

/// Which way from a dataset: what it comes from, what is made from it.
enum class LineageWay { kUpstream, kDownstream, kBoth };

struct LineageRequest {
  odf::DatasetId dataset = {};
  LineageWay way = LineageWay::kBoth;
  std::size_t depth = 20;  ///< steps away from the dataset
  bool with_columns = false;
};

/// What a derivative reads under one name.
struct NamedInput {
  std::string alias = {};
  odf::DatasetId id = {};
};

/// A dataset in a lineage.
struct LineageNode {
  datasets::DatasetEntry entry = {};  ///< without a name: it is not in this home
  bool is_known = false;              ///< its chain could be read
  bool is_derivative = false;
  int distance = 0;  ///< steps from the dataset that was asked for; upstream ones are negative
  std::vector<NamedInput> inputs = {};
  /// Why not all is known of it, for people; empty: all is.
  std::string problem = {};
  /// Of a derivative, when asked for and known. Sources name aliases of its inputs.
  std::optional<engine::QueryLineage> columns = {};
};

struct DatasetLineage {
  std::vector<LineageNode> nodes =
      {};               ///< the one that was asked for comes first, then by distance
  bool is_cut = false;  ///< there is more than was asked for, or may be told
};

/// The datasets of a lineage, and the column sources in it, at most.
inline constexpr std::size_t kMostLineageNodes = 1000;
inline constexpr std::size_t kMostLineageSources = 100'000;

/// Tells where datasets come from and what is made of them, as their chains say it now, across all
/// workspaces. What cannot be read is part of the answer, and no error.
///
/// Thread-safe. Made in server/wiring.cc; what it is given outlives it.
class LineageReader {
 public:
  /// `engine` is what queries are bound with; nothing is run.
  LineageReader(datasets::ChainStore& chains, engine::EngineOptions engine)
      : chains_(chains), benches_(std::move(engine), 1) {}

  /// kNotFound: this home has no such dataset.
  Result<DatasetLineage> Read(const Context& context, const LineageRequest& request);

 private:
  datasets::ChainStore& chains_;
  BenchPool benches_;
};

}  // namespace weir::pipelines
