#include "api/component_sets.h"
#include "api/schema.h"
#include "base/error.h"

namespace weir::api {
namespace {

using namespace schema;  // NOLINT: the schemas are what this file says

Schema ProblemErrorSchema() {
  return Record({
      Optional("source", Text({.max = 4096}), "The document it stands in: a file name, or `-`."),
      Optional("line", Integer(1), "Counted from 1."),
      Optional("column", Integer(1), "Counted from 1."),
      Optional("path", Text({.max = 4096}), "The key, as in `secret.data.user`."),
      Required("message", Text({.max = 65536}), "What is wrong there."),
      Optional("hint", Text({.max = 65536}), "What to do about it."),
  });
}

Schema CodeSchema() {
  std::vector<std::string_view> names;
  for (int code = 0; code <= static_cast<int>(ErrorCode::kInternal); ++code) {
    names.push_back(NameOf(static_cast<ErrorCode>(code)));
  }
  return OneOf(names);
}

Schema ProblemSchema() {
  return Record({
      Required("type", Text(), "`urn:weir:problem:CODE`."),
      Required("title", Text(), "The kind of problem in a few words."),
      Required("status", Integer(400, 599), "The HTTP status."),
      Required("detail", Text({.max = 65536}), "What was attempted, on what, and why not."),
      Required("instance", Text({.max = 65536}), "The path that was asked for."),
      Required("code", CodeSchema(), "The same for every API of Weir."),
      Optional("hint", Text({.max = 65536}), "What to do about it."),
      Optional("requestId", Text(), "Stands in the server's log lines of this request."),
      Optional("errors", ListOf(Ref("ProblemError")), "Each thing that is wrong, with its place."),
  });
}

}  // namespace

boost::json::object ProblemSchemas() {
  return {{"Problem", ProblemSchema()}, {"ProblemError", ProblemErrorSchema()}};
}

}  // namespace weir::api
