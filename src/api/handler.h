#pragma once

#include <string_view>

#include "api/request.h"
#include "api/response.h"
#include "base/context.h"

namespace weir::api {

/// What answers requests: the router, behind every door and behind the CLI's in-process client.
/// Thread-safe; made in server/wiring.cc, outlives the doors.
class Handler {
 public:
  virtual ~Handler() = default;

  /// Answers `request`. What goes wrong is a response too. It may wait (for the body, the store, a
  /// lock), within the deadline of `context`; who is asking is found out here, so the principal of
  /// `context` does not matter.
  virtual Response Handle(const Context& context, Request request) = 0;

  /// Whether such a request is answered at once, without any wait, so that an I/O thread may call
  /// Handle itself instead of handing it to a worker.
  virtual bool Cheap(Method method, std::string_view path) const = 0;
};

}  // namespace weir::api
