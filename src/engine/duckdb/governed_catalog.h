#pragma once

#include <duckdb.hpp>

namespace weir::engine {

/// The name of the database every statement's names resolve in.
inline constexpr const char* kCatalogName = "weir";

/// Registers the storage type whose catalog asks the running statement's NameResolver for every
/// name and answers with a view over scans. Nothing can be created, changed or dropped in it.
void RegisterGovernedCatalog(duckdb::DBConfig& config);

}  // namespace weir::engine
