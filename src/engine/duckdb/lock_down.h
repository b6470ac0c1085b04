#pragma once

#include <duckdb.hpp>
#include <string>
#include <vector>

#include "engine/engine.h"

namespace weir::engine {

/// Makes a fresh instance ready for statements: our scan and our files are there and nothing else
/// is. No path, no extension, no setting is within reach of a statement afterwards. `first` are
/// statements that can only run before. kInternal when the library is not the one we were built
/// for.
Status LockDown(duckdb::DuckDB& database, const EngineOptions& options,
                const std::vector<std::string>& first);

}  // namespace weir::engine
