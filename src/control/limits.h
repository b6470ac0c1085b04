#pragma once

#include <cstddef>

namespace weir::control {

// As store.h promises. A write counts for a little more than its bytes, so that a transaction also
// has a bounded number of them (docs/formats/control-store.md numbers them in 20 bits).
inline constexpr std::size_t kMaxKeyBytes = 1 << 10;
inline constexpr std::size_t kMaxSpaceBytes = 64;
inline constexpr std::size_t kMaxValueBytes = 1 << 20;
inline constexpr std::size_t kMaxTransactionBytes = 32 << 20;
inline constexpr std::size_t kBytesPerWrite = 64;
inline constexpr std::size_t kMaxNameBytes = 256;  ///< of topics, consumers, leases and holders

}  // namespace weir::control
