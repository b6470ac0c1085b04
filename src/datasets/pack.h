#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "datasets/chain_store.h"
#include "datasets/pack_plan.h"
#include "datasets/pack_store.h"
#include "engine/engine.h"
#include "odf/chain.h"

namespace weir::datasets {

/// What was packed.
struct Packed {
  std::uint64_t files = 0;   ///< packed slices that were written
  std::uint64_t slices = 0;  ///< which now need not be read by themselves
  std::uint64_t rows = 0;    ///< written, those of packed slices that were written again included
  std::uint64_t bytes = 0;

  void Add(const Packed& other);
};

/// The columns that rows of a packed slice are ordered by, before their offset: the one that
/// queries filter by most, else the primary key, else none. Of a column that is asked for, a packed
/// slice then leaves out most row groups by their bounds.
std::vector<std::string> PackOrder(const odf::ChainState& chain,
                                   const engine::FilterTally::Counts& filters);

/// Writes the next packed slice of a dataset; nullopt when there is nothing to pack. The chain
/// stays as it is, and readers who came before go on with what they have. Work for a thread that
/// nobody waits for; one at a time for a dataset.
Result<std::optional<Packed>> PackNext(const Context& context, ChainStore& chains, PackStore& packs,
                                       engine::Engine& engine, const odf::DatasetId& id,
                                       const PackLimits& limits);

}  // namespace weir::datasets
