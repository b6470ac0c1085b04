#pragma once

#include <cstdint>
#include <optional>

#include "base/metrics.h"

namespace weir {

/// What the kernel says of this process, now. Read from /proc; nullopt where that cannot be read.
struct ProcessFacts {
  double cpu_seconds = 0;
  double start_time_seconds = 0;  ///< since 1970
  std::uint64_t virtual_bytes = 0;
  std::uint64_t resident_bytes = 0;
  std::uint64_t open_descriptors = 0;
  std::uint64_t most_descriptors = 0;
  std::uint64_t threads = 0;
};
std::optional<ProcessFacts> ReadProcessFacts();

/// Adds the facts under the names that Prometheus' own clients use: process_cpu_seconds_total,
/// process_resident_memory_bytes, process_open_fds and so on.
void AddProcessMetrics(MetricRegistry& registry);

}  // namespace weir
