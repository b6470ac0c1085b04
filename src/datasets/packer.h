#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "base/context.h"
#include "base/guarded_by.h"
#include "base/result.h"
#include "datasets/chain_store.h"
#include "datasets/pack.h"
#include "datasets/pack_store.h"
#include "engine/engine.h"

namespace weir::datasets {

/// Packs slices, one dataset at a time, with an engine of its own that opens when there is work.
/// Thread-safe. What it is given outlives it.
class Packer {
 public:
  Packer(ChainStore& chains, PackStore& packs, engine::EngineOptions engine, PackLimits limits = {})
      : chains_(chains), packs_(packs), options_(std::move(engine)), limits_(limits) {}

  /// The next packed slice, where that pays; nullopt: it does not.
  Result<std::optional<Packed>> Step(const Context& context, const odf::DatasetId& id);

  /// All there is to pack, also where it would not pay yet. `on_progress` may be empty.
  Result<Packed> PackAll(const Context& context, const odf::DatasetId& id,
                         const std::function<void(const Packed&)>& on_progress);

 private:
  Result<std::optional<Packed>> Next(const Context& context, const odf::DatasetId& id,
                                     const PackLimits& limits);

  ChainStore& chains_;
  PackStore& packs_;
  const engine::EngineOptions options_;
  const PackLimits limits_;
  std::mutex packing_;  // for as long as one is written
  std::unique_ptr<engine::Engine> engine_ WEIR_GUARDED_BY(packing_);
};

}  // namespace weir::datasets
