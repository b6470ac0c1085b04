#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

namespace weir {

/// What a caller can do about a failure. `base/error_map.h` turns a code into an HTTP status, a
/// gRPC status, an SQLSTATE and a process exit code.
enum class ErrorCode {
  kInvalid,          ///< The request itself is wrong; the same request fails again.
  kNotFound,         ///< The thing asked for is not there (or may not be seen).
  kAlreadyExists,    ///< The thing to be made is there.
  kConflict,         ///< Somebody else changed it first; read again and retry.
  kUnauthenticated,  ///< Nobody known is asking.
  kDenied,           ///< Somebody known is asking for what they may not have.
  kExhausted,        ///< A limit, quota, queue or disk is full.
  kUnavailable,      ///< The other side cannot be reached now; retrying may cure it.
  kDeadline,         ///< It took longer than the caller allowed.
  kCancelled,        ///< The caller gave up.
  kUnimplemented,    ///< Understood, and not part of this version.
  kCorrupt,          ///< Stored bytes are not what they were; no retry cures it.
  kInternal,         ///< A bug of ours.
};

/// "not_found" for kNotFound, and so on: the spelling in JSON and logs.
std::string_view NameOf(ErrorCode code);

/// A failure: a code for the program, a message and a hint for the person. The message says what
/// was attempted on which object; the hint what to do about it, and may be empty. Neither holds
/// secrets or row contents.
struct [[nodiscard]] Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;
  std::string hint = {};

  /// The same error with a hint: `return NotFound("dataset {}", name).WithHint("...")`.
  Error WithHint(std::string text) && {
    hint = std::move(text);
    return std::move(*this);
  }

  bool operator==(const Error&) const = default;
};

#define WEIR_ERROR_MAKER(Name)                                                         \
  template <typename... Args>                                                          \
  Error Name(fmt::format_string<Args...> format, Args&&... args) {                     \
    return {ErrorCode::k##Name, fmt::format(format, std::forward<Args>(args)...), {}}; \
  }
/// `NotFound("dataset {}", name)` and its siblings, one for each code.
WEIR_ERROR_MAKER(Invalid)
WEIR_ERROR_MAKER(NotFound)
WEIR_ERROR_MAKER(AlreadyExists)
WEIR_ERROR_MAKER(Conflict)
WEIR_ERROR_MAKER(Unauthenticated)
WEIR_ERROR_MAKER(Denied)
WEIR_ERROR_MAKER(Exhausted)
WEIR_ERROR_MAKER(Unavailable)
WEIR_ERROR_MAKER(Deadline)
WEIR_ERROR_MAKER(Cancelled)
WEIR_ERROR_MAKER(Unimplemented)
WEIR_ERROR_MAKER(Corrupt)
WEIR_ERROR_MAKER(Internal)
#undef WEIR_ERROR_MAKER

}  // namespace weir
