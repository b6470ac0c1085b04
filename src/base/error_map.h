#pragma once

#include <string_view>

#include "base/error.h"

namespace weir {

/// How one ErrorCode looks at each edge of the program. There is one table, in error_map.cc, so
/// that every API answers alike.
struct ErrorFace {
  int http_status;            ///< RFC 9110
  int grpc_status;            ///< grpc::StatusCode
  std::string_view sqlstate;  ///< five characters, PostgreSQL's classes
  int exit_code;              ///< of the CLI; docs/reference/exit-codes.md
  std::string_view title;     ///< RFC 9457 title
};

const ErrorFace& FaceOf(ErrorCode code);

/// The code that a foreign HTTP status stands for, for clients of other servers.
ErrorCode CodeOfHttpStatus(int http_status);

/// The code a name stands for ("not_found"); kInternal for an unknown name.
ErrorCode CodeOfName(std::string_view name);

}  // namespace weir
