#pragma once

#include <string>

#include "api/request.h"
#include "api/response.h"
#include "base/context.h"
#include "base/result.h"

namespace weir::cli {

/// What a command talks to: a server, or the same handlers inside this process. A command cannot
/// tell which. One thread at a time.
class Client {
 public:
  virtual ~Client() = default;

  /// The answer, whatever its status. An Error means that there was none: kUnavailable when nobody
  /// could be reached, kDeadline when it took too long. A body that streams is read within the
  /// deadline of `context` and while this lives.
  virtual Result<api::Response> Send(const Context& context, api::Request request) = 0;

  /// For messages: "the server at http://127.0.0.1:8080", "the home .weir".
  virtual std::string Name() const = 0;
};

}  // namespace weir::cli
