#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/response.h"
#include "base/context.h"
#include "base/error.h"

namespace weir::api {

/// One of several things wrong with what was sent: a place in a manifest or in the body.
struct ProblemDetail {
  std::string source = {};  ///< of a manifest: the file it came from, "-" for standard input
  int line = 0;             ///< from 1; 0: not known
  int column = 0;
  std::string path = {};  ///< bundle.resources[0].name
  std::string message = {};
  std::string hint = {};
};

/// Why a request was not done, as RFC 9457 says it: type, title, status, detail and instance, and
/// beside them our code, hint, requestId and the list of errors.
struct Problem {
  Error error;
  std::optional<int> status = {};  ///< when HTTP has a finer word than the code's own status
  std::vector<ProblemDetail> errors = {};
  Headers headers = {};  ///< such as Allow and Retry-After
};

/// The shape `ProblemError` of the API document.
boost::json::object ToJson(const ProblemDetail& detail);

/// `problem` as application/problem+json; `instance` is the path that was asked for.
Response ToResponse(const Problem& problem, const Context& context, std::string_view instance);

/// What ToResponse gives an HTTP status of `problem`.
int StatusOf(const Problem& problem);

}  // namespace weir::api
