#pragma once

#include <arrow/type_fwd.h>

#include <cstdint>

namespace weir::slices {

/// How many of `unit` make a second.
constexpr std::int64_t TicksPerSecond(arrow::TimeUnit::type unit) {
  switch (unit) {
    case arrow::TimeUnit::SECOND:
      return 1;
    case arrow::TimeUnit::MILLI:
      return 1'000;
    case arrow::TimeUnit::MICRO:
      return 1'000'000;
    default:
      return 1'000'000'000;
  }
}

}  // namespace weir::slices
