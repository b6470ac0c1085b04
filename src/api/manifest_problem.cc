#include "api/manifest_problem.h"

#include <utility>

namespace weir::api {

ProblemDetail ToDetail(const resources::Problem& item) {
  return {.source = item.place.source,
          .line = item.place.line,
          .column = item.place.column,
          .path = item.place.path,
          .message = item.message,
          .hint = item.hint};
}

Problem ToProblem(Error error, const resources::Problems& found) {
  Problem problem{.error = std::move(error)};
  // A manifest of a kind that is not here yet is no fault of the server's.
  if (problem.error.code == ErrorCode::kUnimplemented) problem.status = 422;
  for (const resources::Problem& item : found.items()) problem.errors.push_back(ToDetail(item));
  return problem;
}

}  // namespace weir::api
