#include "datasets/packer.h"

namespace weir::datasets {

Result<std::optional<Packed>> Packer::Next(const Context& context, const odf::DatasetId& id,
                                           const PackLimits& limits) {
  const std::lock_guard one_at_a_time(packing_);
  if (!engine_) {
    ASSIGN_OR_RETURN(engine_, engine::OpenDuckDbEngine(options_));
  }
  return PackNext(context, chains_, packs_, *engine_, id, limits);
}

Result<std::optional<Packed>> Packer::Step(const Context& context, const odf::DatasetId& id) {
  return Next(context, id, limits_);
}

Result<Packed> Packer::PackAll(const Context& context, const odf::DatasetId& id,
                               const std::function<void(const Packed&)>& on_progress) {
  PackLimits limits = limits_;
  limits.least_slices = 2;
  Packed all;
  for (;;) {
    ASSIGN_OR_RETURN(const auto packed, Next(context, id, limits));
    if (!packed) return all;
    all.Add(*packed);
    if (on_progress) on_progress(all);
  }
}

}  // namespace weir::datasets
