#pragma once

#include <arrow/status.h>

#include <string_view>

#include "base/result.h"

namespace weir::slices {

/// Arrow's status as ours, for bytes that come from outside: "`attempt`: <what Arrow said>", which
/// is kCorrupt unless memory ran out (kExhausted) or the feature is none of Arrow's
/// (kUnimplemented).
Error ErrorOf(const arrow::Status& status, std::string_view attempt);

inline Status StatusOf(const arrow::Status& status, std::string_view attempt) {
  if (status.ok()) return Ok();
  return ErrorOf(status, attempt);
}

}  // namespace weir::slices
