#pragma once

#include "control/postgres_connection.h"

namespace weir::control {

/// The number of the tables' layout, in the table `format`: docs/formats/control-store.md.
inline constexpr std::int64_t kPostgresSchema = 1;

/// Makes schema and tables where there are none, brings older ones up to date, and refuses those of
/// a newer version (kUnimplemented). In one transaction; several processes may do so at once.
Status PreparePostgresSchema(PostgresConnection& connection, const std::string& schema);

}  // namespace weir::control
