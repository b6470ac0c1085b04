#pragma once

#include <cstddef>
#include <functional>

#include "base/result.h"

namespace weir::datasets {

/// How many threads work that waits for disks and networks, and computes, is given.
std::size_t UsualThreads();

/// Runs `work(i)` for every i below `count`, begun in this order on up to `threads` threads. After
/// a failure no more is begun; the error returned is that of the lowest i that failed, so it does
/// not depend on which thread was quicker.
Status SideBySide(std::size_t count, std::size_t threads,
                  const std::function<Status(std::size_t)>& work);

}  // namespace weir::datasets
