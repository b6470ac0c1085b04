#include "base/errno_error.h"

#include <cerrno>
#include <system_error>

namespace weir {
namespace {

ErrorCode CodeOfErrno(int error_number) {
  switch (error_number) {
    case ENOENT:
    case ENOTDIR:
      return ErrorCode::kNotFound;
    case EACCES:
    case EPERM:
    case EROFS:
      return ErrorCode::kDenied;
    case EEXIST:
    case ENOTEMPTY:
      return ErrorCode::kAlreadyExists;
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
    case EMFILE:
    case ENFILE:
    case ENOMEM:
      return ErrorCode::kExhausted;
    case ENAMETOOLONG:
      return ErrorCode::kInvalid;
    default:
      return ErrorCode::kUnavailable;
  }
}

}  // namespace

Error ErrnoError(int error_number, std::string_view attempt) {
  return {CodeOfErrno(error_number),
          fmt::format("{}: {}", attempt, std::generic_category().message(error_number)),
          {}};
}

}  // namespace weir
