#pragma once

#include "base/error.h"

namespace weir::net {

/// Why bytes that came in are no request to be answered: the HTTP status that says so, and the
/// error behind it.
struct Refusal {
  int status = 400;
  Error error = {};
};

}  // namespace weir::net
