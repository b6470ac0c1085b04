#pragma once

#include <duckdb.hpp>

namespace weir::engine {

/// Adds scalar functions that make values of texts in their plain form, several times as fast as
/// the engine's casts, which know many forms. They give null for any other text: the caller casts
/// that, as in `coalesce(plain_bigint(t), CAST(t AS BIGINT))`.
///
/// - plain_tinyint, plain_smallint, plain_integer, plain_bigint and plain_utinyint to
/// plain_ubigint:
///   a sign and up to 18 digits.
/// - plain_timestamp: `2026-01-31 23:59:59.123456`, the blank perhaps a T, the fraction of one to
///   six digits or none, and a Z perhaps.
/// - plain_timestamptz: an instant in every form the engine knows but those with the name of a
///   time zone; without an offset it is UTC. (After such a name the engine's own cast takes the
///   texts that follow for times of that zone.)
void RegisterPlainCasts(duckdb::Connection& connection);

}  // namespace weir::engine
