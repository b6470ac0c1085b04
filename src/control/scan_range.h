#pragma once

#include <optional>
#include <string>

#include "control/store.h"

namespace weir::control {

/// The tuples that a scan goes over: from `from` (or just after it) to before `to`.
struct ScanRange {
  std::string from;
  std::string to;
  bool skips_from = false;

  /// Nothing when no key can be in it.
  static std::optional<ScanRange> Of(const Key& prefix, const ScanOptions& options);
};

}  // namespace weir::control
