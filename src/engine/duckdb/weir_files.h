#pragma once

#include <duckdb.hpp>
#include <duckdb/common/file_system.hpp>

namespace weir::engine {

/// The one file system a governed engine sees: `weir://<handle>/<n>` is file n of the scan that the
/// running statement got that handle for. Reading only; nothing can be listed.
duckdb::unique_ptr<duckdb::FileSystem> MakeWeirFiles();

/// The path of file `index` of the scan `handle`.
std::string WeirPath(const std::string& handle, std::size_t index);

}  // namespace weir::engine
