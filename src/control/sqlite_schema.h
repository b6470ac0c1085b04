#pragma once

#include "control/sqlite_connection.h"

namespace weir::control {

/// The number of the tables' layout, in SQLite's user_version: docs/formats/control-store.md.
inline constexpr std::int64_t kSqliteSchema = 1;
/// "WEIR", in SQLite's application_id.
inline constexpr std::int64_t kSqliteApplication = 0x57454952;

/// Makes the tables in an empty database, brings older ones up to date, and refuses those of a
/// newer version (kUnimplemented) and other programs' databases (kInvalid). In one transaction.
Status PrepareSqliteSchema(SqliteConnection& connection, const std::string& path);

}  // namespace weir::control
