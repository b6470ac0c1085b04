#pragma once

#include <optional>
#include <span>

#include "base/clock.h"
#include "base/result.h"
#include "control/backup/manifest.h"

namespace weir::backup {

/// How to come to a point in time: a backup from before it, rolled forward by the log of one after
/// it. Pointers are into the list that was chosen from.
struct RestorePlan {
  const Manifest* base = nullptr;  ///< null: begin with nothing
  const Manifest* log = nullptr;   ///< null: `base` is all there is
};

/// The plan for `at`, or for the newest backup. Manifests are sorted by time. kNotFound when `at`
/// is before all that is kept.
Result<RestorePlan> ChooseBackups(std::span<const Manifest> manifests, std::optional<Timestamp> at);

}  // namespace weir::backup
