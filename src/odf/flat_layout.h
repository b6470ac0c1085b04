#pragma once

#include <chrono>
#include <cstdint>

#include "base/clock.h"
#include "odf/describe.h"

// What encoder and decoder agree on about the bytes (spec section 4).

namespace weir::odf {

inline constexpr std::int64_t kManifestKindMetadataBlock = 0x400000;

/// The struct Timestamp on the wire: 16 bytes, aligned to 4, UTC.
struct FlatTimestamp {
  std::int32_t year = 0;
  std::uint16_t ordinal = 0;  ///< day of the year, from 1
  std::uint16_t padding = 0;
  std::uint32_t seconds_from_midnight = 0;
  std::uint32_t nanoseconds = 0;

  static FlatTimestamp Of(Timestamp time) {
    namespace chrono = std::chrono;
    const auto day = chrono::floor<chrono::days>(time);
    const chrono::year_month_day date(day);
    const chrono::nanoseconds since_midnight = time - day;
    const auto new_year = chrono::sys_days(date.year() / chrono::January / 1);
    FlatTimestamp flat;
    flat.year = static_cast<int>(date.year());
    flat.ordinal = static_cast<std::uint16_t>((day - new_year).count() + 1);
    flat.seconds_from_midnight = static_cast<std::uint32_t>(since_midnight.count() / 1'000'000'000);
    flat.nanoseconds = static_cast<std::uint32_t>(since_midnight.count() % 1'000'000'000);
    return flat;
  }
};
static_assert(sizeof(FlatTimestamp) == 16);

/// How many vtable slots a member takes: a union takes its tag and its value.
template <typename T>
constexpr int SlotsOf() {
  if constexpr (IsOptional<T>) {
    return SlotsOf<typename OptionalOf<T>::Type>();
  } else if constexpr (IsBox<T>) {
    return SlotsOf<typename BoxOf<T>::Type>();
  } else {
    return IsUnion<T> ? 2 : 1;
  }
}

}  // namespace weir::odf
