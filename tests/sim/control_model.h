#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/rng.h"
#include "control/batch_transaction.h"

namespace weir::control {

/// What one simulated client asks for: a transaction, or something the store does for itself.
struct Operation {
  struct Put {
    Key key;
    std::string value;
    Expect expect;
  };
  struct Delete {
    Key key;
    Expect expect;
  };
  struct Emit {
    std::string topic;
    std::string payload;
  };
  struct Fence {
    Lease lease;
  };
  struct Fail {};
  struct Acquire {
    std::string name;
    std::string holder;
    std::chrono::milliseconds ttl;
  };
  struct Renew {
    Lease lease;
    std::chrono::milliseconds ttl;
  };
  struct Release {
    Lease lease;
  };
  struct Acknowledge {
    std::string topic;
    std::string consumer;
    std::int64_t position;
  };
  using Step = std::variant<Put, Delete, Emit, Fence, Fail, Acquire, Renew, Release, Acknowledge>;

  std::vector<Step> steps;

  /// Runs it in the store. The same steps in the model must end the same.
  Status Run(BatchTransaction& transaction) const;
};

/// The store as a std::map: what the simulation believes of it.
class ControlModel {
 public:
  struct Value {
    std::string bytes;
    Revision revision = 0;
    bool operator==(const Value&) const = default;
  };
  struct Event {
    std::int64_t position = 0;
    std::string topic;
    std::string payload;
    bool operator==(const Event&) const = default;
  };
  /// Changes of each commit in key order, values empty for deletes.
  using Changes = std::map<Key, std::optional<std::string>>;

  /// Runs the operation; what it did stands only if it succeeds. Returns the revision or the code.
  Result<Revision> Execute(const Operation& operation, Timestamp now);

  /// An operation that makes sense now, and some that do not.
  Operation Random(Rng& rng) const;

  const std::map<Key, Value>& entries() const { return entries_; }
  const std::map<Revision, Changes>& history() const { return history_; }
  const std::deque<Event>& events() const { return events_; }
  Revision revision() const { return revision_; }
  std::int64_t position() const { return position_; }

 private:
  struct LeaseState {
    std::int64_t epoch = 0;
    std::string holder;
    Timestamp expires;
  };

  Status Apply(const Operation::Put& put, Timestamp now);
  Status Apply(const Operation::Delete& erase, Timestamp now);
  Status Apply(const Operation::Emit& emit, Timestamp now);
  Status Apply(const Operation::Fence& fence, Timestamp now);
  Status Apply(const Operation::Fail& fail, Timestamp now);
  Status Apply(const Operation::Acquire& acquire, Timestamp now);
  Status Apply(const Operation::Renew& renew, Timestamp now);
  Status Apply(const Operation::Release& release, Timestamp now);
  Status Apply(const Operation::Acknowledge& acknowledge, Timestamp now);
  Status Check(const Key& key, const Expect& expect) const;
  bool IsHeld(const Lease& lease, Timestamp now) const;
  void Record(const std::string& name, const LeaseState& state);
  void TrimEvents(const std::string& topic);

  std::map<Key, Value> entries_;
  std::map<Revision, Changes> history_;
  std::deque<Event> events_;
  std::map<std::string, LeaseState> leases_;
  std::map<std::pair<std::string, std::string>, std::int64_t> positions_;
  Revision revision_ = 0;
  std::int64_t position_ = 0;
  std::map<Key, std::optional<Value>>
      touched_;  // by the operation that runs: what was there before
  bool emitted_ = false;
};

}  // namespace weir::control
