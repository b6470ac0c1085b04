#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/context.h"
#include "base/result.h"
#include "pipelines/derive/dataset_graph.h"
#include "pipelines/derive/derive.h"
#include "pipelines/ingest.h"

namespace weir::pipelines {

/// What came of one dataset of a graph.
struct PullOutcome {
  GraphNode node = {};
  PollReport report = {};
  std::optional<Error> error = {};
  /// The dataset whose failure it was skipped for, where it was: its `error` says only that.
  std::string waits_for = {};

  bool was_skipped() const { return !waits_for.empty(); }
};

/// How a root with a polling source is asked.
using PollSource = std::function<Result<PollReport>(const GraphNode&)>;

/// Brings a graph up to date: first the sources are asked, then the derivatives follow, in the
/// order of the graph and side by side where nothing decides; a dataset waits for those that its
/// checks read, though not for their success. All of them read one cut: of each
/// dataset the head that it had once the sources had been asked, or that it got here. An error
/// stops what depends on it and nothing else; it is noted (datasets/pull_failure.h).
///
/// Roots without a polling source are there for what reads them, and have the outcome of nothing
/// new. The outcomes are in the order of `graph`.
std::vector<PullOutcome> PullGraph(const Context& context, datasets::ChainStore& chains,
                                   Deriver& deriver, const Clock& clock,
                                   const std::vector<GraphNode>& graph, const PollSource& poll,
                                   std::size_t at_a_time);

}  // namespace weir::pipelines
