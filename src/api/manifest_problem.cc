#include "api/manifest_problem.h"

#include <utility>

namespace weir::api {

Problem ToProblem(Error error, const resources::Problems& found) {
  Problem problem{.error = std::move(error)};
  for (const resources::Problem& item : found.items()) {
    problem.errors.push_back({.source = item.place.source,
                              .line = item.place.line,
                              .column = item.place.column,
                              .path = item.place.path,
                              .message = item.message,
                              .hint = item.hint});
  }
  return problem;
}

}  // namespace weir::api
