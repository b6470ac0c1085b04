#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "base/stream.h"

namespace weir::cli {

/// How much of a body has been taken, by whoever takes it. Thread-safe.
struct Transfer {
  explicit Transfer(std::uint64_t total_bytes) : total(total_bytes) {}

  const std::uint64_t total;
  std::atomic<std::uint64_t> taken{0};

  /// "12 of 400 MiB, 85 MiB/s, 5s left", or that all was sent and the answer is waited for.
  std::string Text(std::chrono::milliseconds passed) const;
};

/// `source`, with everything that is read of it, or of its file, counted.
std::unique_ptr<ByteSource> Counted(std::unique_ptr<ByteSource> source,
                                    std::shared_ptr<Transfer> transfer);

}  // namespace weir::cli
