#include "engine/duckdb/lock_down.h"

#include <algorithm>

#include "engine/duckdb/errors.h"
#include "engine/duckdb/slice_scan.h"
#include "engine/duckdb/weir_files.h"

namespace weir::engine {
namespace {

constexpr std::uint64_t kMostBufferBytes = 16 << 20;  // of rows that wait to be taken

std::string Quoted(const std::string& text) {
  return "'" + duckdb::StringUtil::Replace(text, "'", "''") + "'";
}

Status RunSetting(duckdb::Connection& connection, const std::string& sql) {
  const auto result = connection.Query(sql);
  if (result->HasError()) return FromDuckDb(result->GetErrorObject());
  return Ok();
}

}  // namespace

Status LockDown(duckdb::DuckDB& database, const EngineOptions& options,
                const std::vector<std::string>& first) {
  if (std::string(duckdb::DuckDB::LibraryVersion()) != "v1.5.5") {
    return Internal("the engine library is {}, this program was built for v1.5.5",
                    duckdb::DuckDB::LibraryVersion());
  }
  duckdb::Connection connection(database);
  RegisterSliceScan(*database.instance, connection);
  duckdb::FileSystem::GetFileSystem(*database.instance).RegisterSubSystem(MakeWeirFiles());
  for (const std::string& statement : first) {
    RETURN_IF_ERROR(RunSetting(connection, statement));
  }
  for (const std::string& setting : {
           fmt::format("SET temp_directory={}", Quoted(options.spill_directory.string())),
           fmt::format("SET max_temp_directory_size='{}B'", options.spill_bytes),
           // As large as the engine's own choice, one thread reads for all.
           fmt::format("SET streaming_buffer_size='{}B'",
                       std::min<std::uint64_t>(kMostBufferBytes, options.memory_bytes / 4)),
           std::string("SET allow_community_extensions=false"),
           std::string("SET autoinstall_known_extensions=false"),
           std::string("SET autoload_known_extensions=false"),
           std::string("SET enable_external_file_cache=false"),
           std::string("SET GLOBAL TimeZone='UTC'"),
           std::string("SET allowed_directories=['weir://']"),
           std::string("SET enable_external_access=false"),
           std::string("SET lock_configuration=true"),
       }) {
    RETURN_IF_ERROR(RunSetting(connection, setting));
  }
  return Ok();
}

}  // namespace weir::engine
