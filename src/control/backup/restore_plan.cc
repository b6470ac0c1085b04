#include "control/backup/restore_plan.h"

namespace weir::backup {

Result<RestorePlan> ChooseBackups(std::span<const Manifest> manifests,
                                  std::optional<Timestamp> at) {
  if (manifests.empty()) return NotFound("there is no backup");
  if (!at) return RestorePlan{.base = &manifests.back()};
  RestorePlan plan;
  for (const Manifest& manifest : manifests) {
    if (manifest.time <= *at) {
      plan.base = &manifest;
    } else if (const auto begin = plan.base == nullptr ? 0 : plan.base->state.revision;
               manifest.state.floor <= begin) {
      // The first one later: its log reaches at least to `at`, and back to the base.
      plan.log = &manifest;
      break;
    }
  }
  if (plan.base == nullptr && plan.log == nullptr) {
    return NotFound("the oldest backup is of {}, and its log does not reach back to the beginning",
                    FormatTimestamp(manifests.front().time));
  }
  return plan;
}

}  // namespace weir::backup
