#include "base/error_map.h"

#include <array>

namespace weir {
namespace {

constexpr std::array kCodes = {
    ErrorCode::kInvalid,   ErrorCode::kNotFound,        ErrorCode::kAlreadyExists,
    ErrorCode::kConflict,  ErrorCode::kUnauthenticated, ErrorCode::kDenied,
    ErrorCode::kExhausted, ErrorCode::kUnavailable,     ErrorCode::kDeadline,
    ErrorCode::kCancelled, ErrorCode::kUnimplemented,   ErrorCode::kCorrupt,
    ErrorCode::kInternal,
};

// In the order of ErrorCode. Exit codes: 1 failed, 2 usage or bad input, 3 not found, 4 not signed
// in or not allowed, 5 conflict, 7 verification failed, 8 unreachable or timed out, 130
// interrupted.
constexpr std::array<ErrorFace, kCodes.size()> kFaces = {{
    {400, 3, "22023", 2, "Invalid request"},
    {404, 5, "42704", 3, "Not found"},
    {409, 6, "42710", 5, "Already exists"},
    {409, 10, "40001", 5, "Conflict"},
    {401, 16, "28000", 4, "Not signed in"},
    {403, 7, "42501", 4, "Not allowed"},
    {429, 8, "53000", 1, "Limit reached"},
    {503, 14, "57P03", 8, "Unavailable"},
    {504, 4, "57014", 8, "Deadline exceeded"},
    {499, 1, "57014", 130, "Cancelled"},
    {501, 12, "0A000", 1, "Not implemented"},
    {500, 15, "XX001", 7, "Corrupt data"},
    {500, 13, "XX000", 1, "Internal error"},
}};

}  // namespace

const ErrorFace& FaceOf(ErrorCode code) { return kFaces.at(static_cast<std::size_t>(code)); }

ErrorCode CodeOfHttpStatus(int http_status) {
  switch (http_status) {
    case 401:
      return ErrorCode::kUnauthenticated;
    case 403:
      return ErrorCode::kDenied;
    case 404:
    case 410:
      return ErrorCode::kNotFound;
    case 409:
    case 412:
      return ErrorCode::kConflict;
    case 413:
    case 429:
    case 507:
      return ErrorCode::kExhausted;
    case 408:
    case 504:
      return ErrorCode::kDeadline;
    case 499:
      return ErrorCode::kCancelled;
    case 501:
      return ErrorCode::kUnimplemented;
    case 502:
    case 503:
      return ErrorCode::kUnavailable;
    default:
      return http_status >= 400 && http_status < 500 ? ErrorCode::kInvalid : ErrorCode::kInternal;
  }
}

ErrorCode CodeOfName(std::string_view name) {
  for (const ErrorCode code : kCodes) {
    if (NameOf(code) == name) return code;
  }
  return ErrorCode::kInternal;
}

}  // namespace weir
