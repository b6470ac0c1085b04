#pragma once

#include <string_view>

#include "base/error.h"

namespace weir {

/// The Error that a failed system call stands for: "`attempt`: <the system's text>", where
/// `attempt` says what was tried on which object, as in "open /home/keys/sealing". ENOENT and
/// ENOTDIR are kNotFound; EACCES, EPERM and EROFS kDenied; EEXIST and ENOTEMPTY kAlreadyExists;
/// ENOSPC, EDQUOT, EFBIG, EMFILE, ENFILE and ENOMEM kExhausted; ENAMETOOLONG kInvalid; all others
/// kUnavailable.
Error ErrnoError(int error_number, std::string_view attempt);

}  // namespace weir
