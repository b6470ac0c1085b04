#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/context.h"
#include "base/result.h"
#include "control/store.h"

namespace weir::control {

/// Keys of this space are the store's own records (leases, outbox positions): readable, but written
/// only by the store, neither counted as commits nor shown to watchers.
inline constexpr std::string_view kOwnSpace = "control";

/// Bytes of a value, shared by everything that carries them in memory. Null: the key is deleted.
using SharedValue = std::shared_ptr<const std::string>;

struct Change {
  Key key;
  SharedValue value;
};

/// What one transaction changed, in key order, each key once.
struct Commit {
  Revision revision = 0;
  Timestamp time;
  std::vector<Change> changes;

  std::int64_t Bytes() const;
};
using CommitPtr = std::shared_ptr<const Commit>;

/// A commit in the log, without its changes.
struct CommitInfo {
  Revision revision = 0;
  Timestamp time;
  std::int64_t changes = 0;
  std::int64_t bytes = 0;
};

struct StoredEvent {
  std::int64_t position = 0;
  Revision revision = 0;
  Timestamp time;
  std::string topic;
  std::string payload;
};

/// The one row that says where the store stands.
struct StoreState {
  Revision revision = 0;         ///< newest commit
  Revision floor = 0;            ///< the log holds every commit after this one
  std::int64_t position = 0;     ///< newest outbox event
  std::int64_t log_changes = 0;  ///< changes in the log, and their bytes
  std::int64_t log_bytes = 0;

  bool operator==(const StoreState&) const = default;
};

/// What a group of transactions writes, in one commit of the database.
struct BatchWrites {
  struct EntryWrite {
    Key key;
    SharedValue value;
    Revision revision = 0;
  };
  struct OutboxTrim {
    std::string topic;
    std::int64_t up_to = 0;
  };

  std::vector<EntryWrite> entries;
  std::vector<CommitPtr> commits;
  std::vector<StoredEvent> events;
  std::vector<OutboxTrim> outbox_trims;
  Revision log_trim = 0;  ///< drop commits up to this one from the log; 0: none
  StoreState state;       ///< once all of this is written
};

/// One consistent view of a database: a Snapshot with the store's own tables. Used by one thread.
class View : public Snapshot {
 public:
  virtual const StoreState& state() const = 0;
  Revision revision() const override { return state().revision; }

  /// Entries of every space, in the order of (space, tuple), after `after` if given.
  virtual Result<std::vector<Entry>> ReadEntries(const std::optional<Key>& after,
                                                 std::size_t limit) = 0;
  /// The log after `after`, oldest first.
  virtual Result<std::vector<CommitInfo>> ListCommits(Revision after, std::size_t limit) = 0;
  virtual Result<std::vector<CommitPtr>> ReadCommits(Revision after, Revision up_to) = 0;
  /// Events of `topic`, or of every topic.
  virtual Result<std::vector<StoredEvent>> ReadEvents(const std::optional<std::string>& topic,
                                                      std::int64_t after, std::size_t limit) = 0;
};

/// The writer's open database transaction; it sees its own writes, and ends without a trace unless
/// Commit succeeds.
class WriteSession : public View {
 public:
  /// May be called several times before Commit.
  virtual Status Write(const BatchWrites& writes) = 0;
  /// Durable once this returned. An error says that nothing was committed, except kUnavailable
  /// whose message says that the outcome is unknown.
  virtual Status Commit() = 0;
};

/// A database under the store. Reads from any thread; one writer thread. Views keep what they need
/// alive, so they may outlast it.
class Backend {
 public:
  virtual ~Backend() = default;

  /// As of now. Calls on it fail once `context` is over.
  virtual Result<std::unique_ptr<View>> OpenView(const Context& context) = 0;

  /// Begins a transaction that no other writer (of any process) is beside. One at a time.
  virtual Result<std::unique_ptr<WriteSession>> BeginWrite() = 0;

  /// Where other processes write too: calls `committed` with the newest revision from now on, from
  /// a thread of its own, soon after each of their commits (and perhaps ours). Null where there are
  /// no other processes; ends with what it returned.
  class Follower {
   public:
    virtual ~Follower() = default;
  };
  virtual std::unique_ptr<Follower> Follow(std::function<void(Revision)> /*committed*/) {
    return nullptr;
  }

  /// Called by the writer between transactions, after it has answered its callers; busy when there
  /// were several at once.
  virtual void Tidy(bool /*is_busy*/) {}
};

/// Commits after `after` for as long as they come to no more than about `max_bytes`, always whole,
/// and at least one if there is one. Empty at the end of the log.
Result<std::vector<CommitPtr>> ReadLog(View& view, Revision after, std::size_t max_commits,
                                       std::int64_t max_bytes);

}  // namespace weir::control
