#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "control/backend.h"

namespace weir::control {

/// What the transactions of one batch write, kept in memory over the database until all have run:
/// each sees what those before it wrote, and one that fails is undone without the database ever
/// having heard of it. That made a savepoint for each transaction needless.
///
/// Used by the writer thread alone. `base` outlives it.
class Overlay {
 public:
  Overlay(View& base, Timestamp now);

  Result<std::optional<Entry>> Get(const Key& key);
  Result<std::vector<Entry>> Scan(const Key& prefix, const ScanOptions& options);

  void Put(const Key& key, std::string value) { Write(key, Shared(std::move(value))); }
  void Delete(const Key& key) { Write(key, nullptr); }  ///< of a key that is present
  void Emit(const std::string& topic, std::string payload);
  void TrimOutbox(const std::string& topic, std::int64_t up_to);

  /// Of the newest transaction that stands.
  Revision revision() const { return state_.revision; }
  Timestamp now() const { return now_; }
  View& base() { return base_; }

  /// What the transaction wrote since the last Seal stands; returns the revision it became, or the
  /// present one if it changed nothing.
  Result<Revision> Seal();
  /// What it wrote since the last Seal never was.
  void Undo();

  std::size_t bytes() const { return bytes_; }  ///< of all that stands
  bool empty() const;                           ///< nothing stands that must be written
  BatchWrites Take() &&;

 private:
  struct Pending {
    SharedValue value;
    Revision revision = 0;
  };
  using Pendings = std::map<Key, Pending>;

  static SharedValue Shared(std::string value) {
    return std::make_shared<const std::string>(std::move(value));
  }
  void Write(const Key& key, SharedValue value);
  Result<bool> WasPresent(const Key& key, const std::optional<Pending>& before);
  void Restore(const Key& key, const std::optional<Pending>& before);
  Result<bool> DropNothings();
  void SealCommit(Revision revision);
  void Forget();

  View& base_;
  const Timestamp now_;
  StoreState state_;
  Pendings pending_;
  std::vector<CommitPtr> commits_;
  std::vector<StoredEvent> events_;
  std::vector<BatchWrites::OutboxTrim> trims_;
  std::size_t bytes_ = 0;

  // Of the transaction that runs: what each key it touched was before, and what it adds.
  std::map<Key, std::optional<Pending>> touched_;
  std::vector<StoredEvent> new_events_;
  std::vector<BatchWrites::OutboxTrim> new_trims_;
};

}  // namespace weir::control
