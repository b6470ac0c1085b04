#pragma once

#include <arrow/status.h>

#include <string_view>

#include "base/result.h"

namespace weir::objects {

/// Arrow's status of an S3 call as ours: "`attempt`: <what the server said>".
Status S3Status(const arrow::Status& status, std::string_view attempt);

}  // namespace weir::objects
