#pragma once

#include <duckdb.hpp>
#include <duckdb/main/client_context_state.hpp>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "base/guarded_by.h"
#include "engine/engine.h"
#include "engine/kept_groups.h"

namespace weir::engine {

/// What one statement knows: who answers its names, and which scans its names became. Kept on the
/// DuckDB connection that runs it; a handle of one statement means nothing in another.
class StatementState : public duckdb::ClientContextState {
 public:
  static constexpr const char* kKey = "weir";

  explicit StatementState(NameResolver* resolver) : resolver_(resolver) {}

  /// The state of the connection that `context` belongs to; throws into DuckDB if there is none.
  static duckdb::shared_ptr<StatementState> Of(duckdb::ClientContext& context);

  NameResolver* resolver() const { return resolver_; }

  /// Makes `source` readable by this statement, under an unguessable handle.
  std::string AddScan(std::shared_ptr<const ScanSource> source);

  /// The same under a name of ours, in place of the source that had it, each time with another
  /// handle: what is remembered of a path is good for one source.
  void SetScan(const std::string& name, std::shared_ptr<const ScanSource> source);

  /// The handle behind a name, or `name` itself.
  std::string HandleOf(const std::string& name) const;

  /// Null for a handle this statement did not get.
  std::shared_ptr<const ScanSource> FindScan(const std::string& handle) const;

  /// Makes what is kept of groups readable by this statement, under `name`.
  void AddGroups(const std::string& name, std::shared_ptr<const KeptGroups> groups);

  void DropGroups();

  /// Null for a name that it does not have.
  std::shared_ptr<const KeptGroups> FindGroups(const std::string& name) const;

  /// Keeps a catalog entry alive as long as the statement.
  void Keep(duckdb::shared_ptr<duckdb::CatalogEntry> entry) { kept_.push_back(std::move(entry)); }

 private:
  NameResolver* resolver_;
  // A workbench adds relations while scans of an open query ask on many threads.
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<const ScanSource>> scans_ WEIR_GUARDED_BY(mutex_);
  std::unordered_map<std::string, std::string> names_ WEIR_GUARDED_BY(mutex_);
  std::unordered_map<std::string, std::shared_ptr<const KeptGroups>> groups_
      WEIR_GUARDED_BY(mutex_);
  std::vector<duckdb::shared_ptr<duckdb::CatalogEntry>> kept_;
};

}  // namespace weir::engine
