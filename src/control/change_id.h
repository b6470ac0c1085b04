#pragma once

#include <cstdint>

#include "control/store.h"

namespace weir::control {

// A change's number in the log: its commit's revision, then its place in the commit, in 20 bits. A
// transaction's limit on bytes (limits.h) keeps it to half as many changes.
inline constexpr int kChangeBits = 20;

constexpr std::int64_t ChangeId(Revision revision, std::size_t place) {
  return revision << kChangeBits | static_cast<std::int64_t>(place);
}

constexpr Revision RevisionOfChange(std::int64_t id) { return id >> kChangeBits; }

}  // namespace weir::control
