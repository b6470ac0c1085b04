#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "control/key.h"

namespace weir::control {

/// Counts commits of the store: 1 for the first, one more for each that changed something (an
/// entry, or the outbox; leases and acknowledgements do not count). An entry carries the revision
/// that last wrote it.
using Revision = std::int64_t;

struct Entry {
  Key key;
  std::string value;
  Revision revision = 0;
};

/// Which entries: those whose key continues `prefix`, in key order, after `after` if given (the
/// cursor of a page), at most `limit`.
struct ScanOptions {
  std::optional<Key> after = {};
  std::size_t limit = 1000;
  bool reverse = false;
};

/// One consistent view of the store. Used by one thread.
class Snapshot {
 public:
  virtual ~Snapshot() = default;
  virtual Result<std::optional<Entry>> Get(const Key& key) = 0;
  virtual Result<std::vector<Entry>> Scan(const Key& prefix, const ScanOptions& options = {}) = 0;
  virtual Revision revision() const = 0;
};

/// What must hold of a key for a write to it to stand.
struct Expect {
  enum class Kind { kAnything, kAbsent, kPresent, kRevision };
  Kind kind = Kind::kAnything;
  Revision revision = 0;

  static Expect Anything() { return {}; }
  static Expect Absent() { return {Kind::kAbsent, 0}; }
  static Expect Present() { return {Kind::kPresent, 0}; }
  static Expect At(Revision revision) { return {Kind::kRevision, revision}; }
};

/// The right to do something alone, for a while. The epoch rises with every new holder, so that a
/// write fenced by an old one fails even if its holder never noticed that it lost the lease.
struct Lease {
  std::string name;
  std::string holder;
  std::int64_t epoch = 0;
};

/// A transaction while its function runs: reads see its own writes, under the revision they will
/// have. After a Put or Delete that failed, the function may go on without it.
class Transaction : public Snapshot {
 public:
  /// kConflict when `expect` does not hold; kAlreadyExists for Expect::Absent of a present key.
  virtual Status Put(const Key& key, std::string value, Expect expect = {}) = 0;
  /// Deleting an absent key with Expect::Anything is fine and changes nothing.
  virtual Status Delete(const Key& key, Expect expect = {}) = 0;
  /// Adds an event to the outbox of `topic`; consumers see it once the commit is durable.
  virtual Status Emit(const std::string& topic, std::string payload) = 0;
  /// kConflict unless `lease` is held now, by this holder, in this epoch.
  virtual Status Fence(const Lease& lease) = 0;
};

struct WatchEvent {
  enum class Kind {
    kPut,
    kDelete,
    kBookmark,  ///< nothing matching happened up to `revision`; resume from there
  };
  Kind kind = Kind::kBookmark;
  Revision revision = 0;
  std::optional<Key> key = {};  ///< none for a bookmark
  std::string value = {};       ///< of a put
};

/// Changes under a prefix, each once and in the order of commits; of one commit in the order of
/// keys, as what came of it. A commit is never given in parts, so a watcher may stop anywhere and
/// resume from the last revision it saw; one that is larger than `max_events` comes whole.
/// Thread-safe; closing is destruction. It may outlive its store, and is then kUnavailable.
class Watcher {
 public:
  virtual ~Watcher() = default;

  /// What happened since the last call, without waiting; empty when nothing did. kExhausted with
  /// the hint "list again" once the wanted revisions are no longer kept: the watcher is then over.
  virtual Result<std::vector<WatchEvent>> Poll(std::size_t max_events = 1000) = 0;

  /// As Poll, but waits for something (events or a bookmark) until the context's deadline; empty
  /// at the deadline.
  virtual Result<std::vector<WatchEvent>> Next(const Context& context,
                                               std::size_t max_events = 1000) = 0;

  /// Calls `ready` (from any thread, soon, possibly spuriously; it must not block) whenever Poll
  /// has something again. An empty function stops that; no call runs after this returned. The
  /// function must not destroy the watcher.
  virtual void OnReady(std::function<void()> ready) = 0;
};

struct OutboxEvent {
  std::int64_t position = 0;  ///< rises with every event of the store
  Revision revision = 0;
  std::string payload;
};

/// The control store: ordered keys in serializable transactions.
///
/// Everything Weir must not forget, apart from the bytes of datasets, is an entry here. Values are
/// bytes to the store. Embedded it is one SQLite file, shared it is a PostgreSQL schema; both pass
/// the same conformance suite (control/conformance_test.cc), whose model is a std::map.
///
/// Limits: keys up to 1 KiB, values up to 1 MiB, a transaction up to 32 MiB of writes; beyond them
/// kExhausted. A space's name is 1 to 64 of a-z, 0-9, '-', '_' and '.'; the space "control" is the
/// store's own. Names of topics, consumers, leases and holders have 1 to 256 bytes. Thread-safe.
/// Destroyed after its snapshots. Made in server/wiring.cc.
class Store {
 public:
  virtual ~Store() = default;

  /// Runs `body` in a serializable transaction and commits it durably; returns the revision it
  /// became, or the present one when it wrote nothing. `body` may run again: it must only read and
  /// write through its argument, take no locks, and be quick. An error it returns undoes everything
  /// and is returned. kUnavailable: the store could not be reached, and nothing was committed
  /// unless the message says that the outcome is unknown.
  virtual Result<Revision> Transact(const Context& context,
                                    const std::function<Status(Transaction&)>& body) = 0;

  /// A consistent view as of now; it sees every commit acknowledged before the call.
  virtual Result<std::unique_ptr<Snapshot>> Read(const Context& context) = 0;

  /// Changes to keys that continue `prefix` after revision `from` (0: from the beginning of what is
  /// kept). kExhausted with the hint "list again" when those are no longer kept.
  virtual Result<std::unique_ptr<Watcher>> Watch(const Key& prefix, Revision from) = 0;

  /// Events of `topic` after the position `consumer` acknowledged, oldest first; for a new
  /// consumer, all that are kept. An event goes once every consumer that ever acknowledged one of
  /// its topic is done with it, or when it grew too old; kExhausted tells a consumer that had not
  /// read it yet so, and which position to acknowledge to go on.
  virtual Result<std::vector<OutboxEvent>> ReadOutbox(const Context& context,
                                                      const std::string& topic,
                                                      const std::string& consumer,
                                                      std::size_t limit) = 0;
  /// Events up to `position` are done for `consumer`; going back is refused (kConflict).
  virtual Status AcknowledgeOutbox(const Context& context, const std::string& topic,
                                   const std::string& consumer, std::int64_t position) = 0;

  /// Takes the lease for `holder` if it is free, expired, or held by the same holder (which then
  /// keeps its epoch); kConflict names the holder otherwise.
  virtual Result<Lease> Acquire(const Context& context, const std::string& name,
                                const std::string& holder, std::chrono::milliseconds ttl) = 0;
  virtual Status Renew(const Context& context, const Lease& lease,
                       std::chrono::milliseconds ttl) = 0;
  virtual Status Release(const Context& context, const Lease& lease) = 0;

  /// The revision of the newest commit.
  virtual Revision revision() const = 0;
};

}  // namespace weir::control
