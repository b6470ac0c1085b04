#include "control/scan_range.h"

#include <algorithm>

namespace weir::control {

std::optional<ScanRange> ScanRange::Of(const Key& prefix, const ScanOptions& options) {
  ScanRange range{.from = prefix.tuple(), .to = prefix.TupleEnd()};
  if (!options.after) return range;
  const Key& after = *options.after;
  if (options.reverse) {
    if (after < prefix) return std::nullopt;
    if (after.space() == prefix.space()) range.to = std::min(range.to, after.tuple());
  } else if (prefix <= after) {
    if (after.space() != prefix.space()) return std::nullopt;
    range.from = after.tuple();
    range.skips_from = true;
  }
  return range;
}

}  // namespace weir::control
