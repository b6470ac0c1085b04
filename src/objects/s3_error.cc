#include "objects/s3_error.h"

#include <arrow/util/io_util.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>

namespace weir::objects {
namespace {

constexpr std::size_t kMaxMessage = 500;

struct Mark {
  std::string_view text;
  ErrorCode code;
};

// Arrow passes the SDK's words on and no code. "AWS Error <NAME> during <operation>: <message>".
constexpr std::array<Mark, 12> kMarks{{
    {"ACCESS_DENIED", ErrorCode::kDenied},
    {"INVALID_ACCESS_KEY_ID", ErrorCode::kDenied},
    {"INVALID_CLIENT_TOKEN_ID", ErrorCode::kDenied},
    {"SIGNATURE_DOES_NOT_MATCH", ErrorCode::kDenied},
    {"EXPIRED_TOKEN", ErrorCode::kDenied},
    {"HTTP status 403", ErrorCode::kDenied},
    {"HTTP response code: 403", ErrorCode::kDenied},
    {"NO_SUCH_BUCKET", ErrorCode::kNotFound},
    {"NO_SUCH_KEY", ErrorCode::kNotFound},
    {"RESOURCE_NOT_FOUND", ErrorCode::kNotFound},
    {"HTTP status 404", ErrorCode::kNotFound},
    {"QuotaExceeded", ErrorCode::kExhausted},
}};

ErrorCode CodeOf(const arrow::Status& status) {
  if (arrow::internal::ErrnoFromStatus(status) == ENOENT) return ErrorCode::kNotFound;
  if (status.IsOutOfMemory()) return ErrorCode::kExhausted;
  for (const Mark& mark : kMarks) {
    if (status.message().find(mark.text) != std::string::npos) return mark.code;
  }
  return ErrorCode::kUnavailable;
}

std::string_view HintOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kDenied:
      return "check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and what they may do";
    case ErrorCode::kNotFound:
      return "check the bucket's name, the region and the endpoint";
    default:
      return "";
  }
}

}  // namespace

Status S3Status(const arrow::Status& status, std::string_view attempt) {
  if (status.ok()) return Ok();
  const ErrorCode code = CodeOf(status);
  // What stands before the SDK's words repeats the attempt; more than one line repeats them.
  std::string_view message = status.message();
  if (const std::size_t words = message.find("AWS Error"); words != std::string_view::npos) {
    message.remove_prefix(words);
  }
  message = message.substr(0, std::min(message.find('\n'), kMaxMessage));
  return Error{code, fmt::format("{}: {}", attempt, message), std::string(HintOf(code))};
}

}  // namespace weir::objects
