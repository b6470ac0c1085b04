#pragma once

#include <cstdint>
#include <memory>

#include "engine/engine.h"

namespace weir::pipelines {

/// Events by operation.
struct EventCounts {
  std::uint64_t appended = 0;
  std::uint64_t retracted = 0;
  std::uint64_t corrected = 0;  ///< pairs

  std::uint64_t rows() const { return appended + retracted + 2 * corrected; }
};

/// Rows as they pass, whose first column is the operation; `counts` outlives them.
std::unique_ptr<engine::RowStream> CountedEvents(std::unique_ptr<engine::RowStream> rows,
                                                 EventCounts& counts);

}  // namespace weir::pipelines
