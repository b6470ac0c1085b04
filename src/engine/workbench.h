#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/files.h"
#include "base/result.h"
#include "engine/engine.h"
#include "engine/kept_groups.h"
#include "engine/query_lineage.h"
#include "engine/scan_source.h"

namespace weir::engine {

/// An engine instance of its own for one piece of work at a time: tables are made and dropped in
/// it, and it reads the relations and files it was given and nothing else (no path, no other
/// database, no extension), so that also SQL that slips through a check reaches nothing.
///
/// Its statements are ours: a user's SQL runs here only as CheckSelect (checked_select.h) returned
/// it. Memory, threads and spill are the options' it was opened with; tables spill too. One thread
/// at a time; several queries may be open side by side.
class Workbench {
 public:
  virtual ~Workbench() = default;

  /// Runs one statement that returns no rows: CREATE, DROP, INSERT, DELETE.
  virtual Status Execute(const Context& context, const std::string& sql) = 0;

  /// Starts a query. Rows come in its order (without ORDER BY: the order of what it reads).
  virtual Result<std::unique_ptr<RowStream>> Query(const Context& context,
                                                   const std::string& sql) = 0;

  /// The columns that a query has, with types as the engine writes them. For the readers of files
  /// this looks into the file.
  virtual Result<std::vector<Column>> Describe(const std::string& sql) = 0;

  /// Where the columns of a query come from, by the tables that were made here.
  virtual Result<QueryLineage> Lineage(const Context& context, const std::string& sql) = 0;

  /// Makes the view `name` over `source`, or gives the view of a relation another source, of the
  /// same columns.
  virtual Status AddRelation(const std::string& name, std::shared_ptr<const ScanSource> source) = 0;

  /// Makes what is kept of groups what `group_state(name, key)` reads; it does not change while a
  /// query is open.
  virtual void AddGroups(const std::string& name, std::shared_ptr<const KeptGroups> groups) = 0;

  /// The path under which SQL reads `file` with read_csv, read_json or read_parquet.
  virtual Result<std::string> AddFile(std::shared_ptr<const ReadableFile> file) = 0;

  /// Drops the tables, views and groups that were made since the last BeginStep. What was made
  /// before the first one stays until Clear, and views of it read what is made in a step under the
  /// names that they say. No query may be open.
  virtual Status BeginStep() = 0;

  /// Drops all tables, views, relations, groups and files. No query may be open.
  virtual Status Clear() = 0;
};

/// Opens one over the embedded engine.
Result<std::unique_ptr<Workbench>> OpenDuckDbWorkbench(const EngineOptions& options);

}  // namespace weir::engine
