#include "control/postgres_error.h"

#include <array>

namespace weir::control {
namespace {

struct Meaning {
  std::string_view prefix;  // of an SQLSTATE
  ErrorCode code;
};

// The first that fits. https://www.postgresql.org/docs/15/errcodes-appendix.html
constexpr std::array kMeanings{
    Meaning{"08", ErrorCode::kUnavailable},     // connection lost
    Meaning{"25006", ErrorCode::kUnavailable},  // a standby, or a server set to read only
    Meaning{"25P03", ErrorCode::kUnavailable},  // we were idle in a transaction for too long
    Meaning{"28", ErrorCode::kDenied},          // password, certificate, pg_hba.conf
    Meaning{"3D", ErrorCode::kNotFound},        // database
    Meaning{"40", ErrorCode::kUnavailable},     // rolled back; trying again may cure it
    Meaning{"42501", ErrorCode::kDenied},       // privilege
    Meaning{"53300", ErrorCode::kUnavailable},  // too many connections
    Meaning{"53", ErrorCode::kExhausted},       // disk, memory
    Meaning{"54", ErrorCode::kExhausted},       // program limit
    Meaning{"55P03", ErrorCode::kUnavailable},  // another process holds the writer's lock
    Meaning{"57014", ErrorCode::kDeadline},     // statement timeout
    Meaning{"57P", ErrorCode::kUnavailable},    // shutting down, starting up, crashed
    Meaning{"58", ErrorCode::kUnavailable},     // the server's disk
    Meaning{"XX001", ErrorCode::kCorrupt},     Meaning{"XX002", ErrorCode::kCorrupt},
};

}  // namespace

Error PostgresError(std::string_view sqlstate, std::string_view text, std::string_view attempt) {
  Error error{ErrorCode::kInternal, fmt::format("{}: {} (SQLSTATE {})", attempt,
                                                text.substr(0, text.find('\n')), sqlstate)};
  for (const Meaning& meaning : kMeanings) {
    if (!sqlstate.starts_with(meaning.prefix)) continue;
    error.code = meaning.code;
    break;
  }
  return error;
}

}  // namespace weir::control
