#pragma once

#include <filesystem>

#include "base/context.h"
#include "control/backend.h"
#include "control/postgres_backend.h"

namespace weir::control {

/// How much was moved.
struct Migration {
  std::int64_t entries = 0;
  std::int64_t commits = 0;  ///< of the log
  std::int64_t events = 0;   ///< of the outbox
  Revision revision = 0;
};

/// Copies a whole store, as it is now, into an empty one: entries with their revisions, the log (so
/// watchers resume), the outbox and its positions, leases. Reads everything back and compares
/// before it commits, in one transaction: after any failure the target is as empty as before, and
/// it can be run again. kAlreadyExists: the target is not empty. kCorrupt: what was read back
/// differs.
///
/// Nobody may write to `from` meanwhile: what comes after its view was opened stays behind.
Result<Migration> Migrate(const Context& context, Backend& from, Backend& to);

/// `weir control migrate`: from the SQLite file of a home that no server has open (kConflict names
/// the pid otherwise) to PostgreSQL. The file stays as it is.
Result<Migration> MigrateToPostgres(const Context& context, const std::filesystem::path& from,
                                    const PostgresBackend::Options& to);

}  // namespace weir::control
