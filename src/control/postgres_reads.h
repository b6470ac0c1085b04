#pragma once

#include "control/backend.h"
#include "control/postgres_connection.h"

namespace weir::control {

/// The reads of a View, in whatever transaction `connection` is in. `connection` outlives it.
class PostgresReads {
 public:
  explicit PostgresReads(PostgresConnection& connection) : connection_(connection) {}

  Status BeginSnapshot();  ///< a transaction that only reads, and sees one state of the store
  Status EndSnapshot();
  Result<StoreState> ReadState();
  Result<StoreState> LockState();  ///< and keeps every other writer out until the transaction ends
  Result<std::optional<Entry>> Get(const Key& key);
  Result<std::vector<Entry>> Scan(const Key& prefix, const ScanOptions& options);
  Result<std::vector<Entry>> ReadEntries(const std::optional<Key>& after, std::size_t limit);
  Result<std::vector<CommitInfo>> ListCommits(Revision after, std::size_t limit);
  Result<std::vector<CommitPtr>> ReadCommits(Revision after, Revision up_to);
  Result<std::vector<StoredEvent>> ReadEvents(const std::optional<std::string>& topic,
                                              std::int64_t after, std::size_t limit);

 private:
  PostgresConnection& connection_;
};

}  // namespace weir::control
