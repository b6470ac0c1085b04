#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "engine/scan_source.h"

namespace arrow {
class RecordBatch;
class Schema;
}  // namespace arrow

namespace weir::engine {

/// A table as a statement names it, without quotes.
struct TableName {
  std::string schema;
  std::string name;
};

/// The time travel clause of a table: AT (VERSION => x) or AT (TIMESTAMP => x), its value as text;
/// that of a timestamp in RFC 3339, UTC where it said no zone.
struct AtClause {
  std::string unit;  ///< "version" or "timestamp"
  std::string value;
};

/// What a name stands for in one statement: a SELECT over scans. In `sql`, `scan(0)` is the first
/// of `scans`. The engine gives each scan a handle that only this statement knows, so that nothing
/// but what the resolver answered can be read.
struct ResolvedTable {
  std::string sql;
  std::vector<std::shared_ptr<const ScanSource>> scans;
};

/// Answers names while a statement is bound. Called on the thread that runs the statement; must be
/// quick and must not run statements itself.
class NameResolver {
 public:
  virtual ~NameResolver() = default;

  /// nullopt: there is no such table, or the caller may not know of it.
  virtual Result<std::optional<ResolvedTable>> Resolve(const TableName& table,
                                                       const std::optional<AtClause>& at) = 0;
  /// As Resolve, for one who lists tables and only asks for columns: whether there are rows behind
  /// them does not matter.
  virtual Result<std::optional<ResolvedTable>> Outline(const TableName& table) {
    return Resolve(table, std::nullopt);
  }
  /// Whether there is a schema of that name; `public` always is.
  virtual Result<bool> HasSchema(const std::string& schema) = 0;
  virtual Result<std::vector<std::string>> ListSchemas() = 0;
  virtual Result<std::vector<std::string>> ListTables(const std::string& schema) = 0;
};

/// Rows on their way out. One thread at a time; destruction abandons the rest.
class RowStream {
 public:
  virtual ~RowStream() = default;
  virtual std::shared_ptr<arrow::Schema> schema() const = 0;
  /// The next rows, null at the end. kCancelled or kDeadline as the statement's context asked.
  virtual Result<std::shared_ptr<arrow::RecordBatch>> Next() = 0;
};

/// One statement to run.
struct Statement {
  std::string sql;
  std::string default_schema = "public";
  NameResolver* resolver = nullptr;  ///< null: no table has a name; outlives the stream
};

struct EngineOptions {
  unsigned threads = 2;
  std::uint64_t memory_bytes = 1ULL << 30;     ///< beyond it operators spill
  std::filesystem::path spill_directory = {};  ///< empty: no spilling
  std::uint64_t spill_bytes = 16ULL << 30;     ///< quota of the spill directory
};

/// What executes SQL. It knows no dataset and no policy: what a name means comes from the
/// statement's resolver, and nothing else can be read: no path, no other database, no extension.
/// Thread-safe; statements run side by side within the engine's memory and threads.
class Engine {
 public:
  virtual ~Engine() = default;

  /// Starts a SELECT-like statement. kInvalid for what does not parse or bind or is no query;
  /// kExhausted when memory and spill are full.
  virtual Result<std::unique_ptr<RowStream>> Run(const Context& context,
                                                 const Statement& statement) = 0;
};

/// The embedded engine. kInternal when the library found is not the one we were built for.
Result<std::unique_ptr<Engine>> OpenDuckDbEngine(const EngineOptions& options);

}  // namespace weir::engine
