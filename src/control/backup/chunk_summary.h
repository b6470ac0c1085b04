#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "control/backup/records.h"

namespace weir::backup {

/// What verification keeps of a chunk: enough to see that the chunks of a backup follow each other.
struct ChunkSummary {
  std::string first;  ///< order of its first record, as bytes that sort
  std::string last;
  std::uint64_t records = 0;
  control::Revision newest = 0;  ///< of its records
};

/// Reads the records of a chunk; kCorrupt when they are none or not in order.
Result<ChunkSummary> Summarise(ChunkKind kind, std::string_view content);

}  // namespace weir::backup
