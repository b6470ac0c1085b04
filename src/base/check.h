#pragma once

#include <string_view>

namespace weir {

/// Stops the process with `expression`, its place and `detail` on stderr. For broken invariants
/// only: a bug of ours, never bad input.
[[noreturn]] void CheckFailed(const char* expression, const char* file, int line,
                              std::string_view detail = {});

}  // namespace weir

/// Stops the process when `condition` is false, also in release builds.
#define WEIR_CHECK(condition)                              \
  do {                                                     \
    if (!(condition)) [[unlikely]] {                       \
      ::weir::CheckFailed(#condition, __FILE__, __LINE__); \
    }                                                      \
  } while (false)

/// As WEIR_CHECK, with values worth seeing: WEIR_CHECK_MSG(a <= b, fmt::format("{} {}", a, b)).
#define WEIR_CHECK_MSG(condition, detail)                            \
  do {                                                               \
    if (!(condition)) [[unlikely]] {                                 \
      ::weir::CheckFailed(#condition, __FILE__, __LINE__, (detail)); \
    }                                                                \
  } while (false)
