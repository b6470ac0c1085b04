#pragma once

#include <span>
#include <string_view>

namespace weir::cli {

/// What the process answers its caller; base/error_map.h gives the one of an Error.
/// docs/reference/exit-codes.md is generated from ExitCodes().
enum class ExitCode {
  kOk = 0,
  kFailed = 1,
  kUsage = 2,
  kNotFound = 3,
  kNotAllowed = 4,
  kConflict = 5,
  kPartial = 6,
  kVerificationFailed = 7,
  kUnreachable = 8,
  kInterrupted = 130,
};

struct ExitCodeFact {
  ExitCode code;
  std::string_view name;
  std::string_view sentence;
};

std::span<const ExitCodeFact> ExitCodes();

}  // namespace weir::cli
