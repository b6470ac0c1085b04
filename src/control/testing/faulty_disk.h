#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/rng.h"

namespace weir::control {

/// What a disk can do to a call.
enum class Fault {
  kWriteError,  ///< the write stops half way
  kSyncError,   ///< the flush fails; as on Linux, what it did not write it never will
  kPowerCut,    ///< the power goes in the middle of a write or flush
};

/// A file of a FaultyDisk: what programs see, and what would be left after a power cut.
class FaultyFile {
 public:
  const std::string& content() const { return content_; }
  void Write(std::size_t offset, std::string_view bytes);
  void Truncate(std::size_t size);
  void Sync();
  /// Of what was not synced, each sector of each write reaches the disk or not, by chance.
  void SyncByChance(Rng& rng);
  void CutPower(Rng& rng);
  bool has_durable_name() const { return has_durable_name_; }
  void FlipBit(std::size_t offset);

 private:
  struct Operation {
    std::size_t offset = 0;  // or the new size
    std::string bytes;
    bool truncates = false;
  };
  static void Apply(const Operation& operation, std::string& content);

  std::string content_;
  std::string durable_;
  std::vector<Operation> unsynced_;
  bool has_durable_name_ = false;
};

/// A disk in memory, under SQLite as a VFS of its own, that fails on demand and forgets what a
/// power cut would lose. Thread-safe; lives as long as any connection to it.
class FaultyDisk {
 public:
  explicit FaultyDisk(std::uint64_t seed);
  ~FaultyDisk();
  FaultyDisk(const FaultyDisk&) = delete;
  FaultyDisk& operator=(const FaultyDisk&) = delete;

  /// The name under which SQLite knows it.
  const std::string& vfs() const { return name_; }

  // What the test does to it.

  /// The write or flush number `nth` from now, counted from 0, suffers `fault`.
  void FailCall(int nth, Fault fault);
  /// Whatever fault is still to come does not.
  void Heal();
  int power_cuts() const;
  int calls() const;  ///< writes and flushes since construction
  /// From now on files may only grow by `free_bytes` together; -1: as much as they like.
  void FillDisk(std::int64_t free_bytes);
  /// Unsynced writes are lost or kept by chance, and files that are open are dead.
  void CutPower();
  void FlipBit(const std::string& path, std::size_t offset);
  void MakeReadOnly() { read_only_ = true; }
  /// Puts `content` there, durably.
  void Place(const std::string& path, std::string_view content);
  std::size_t SizeOf(const std::string& path) const;

 private:
  friend struct FaultyVfs;
  struct SharedMemory;
  struct Node {
    FaultyFile file;
    std::shared_ptr<SharedMemory> memory;
    int locks_shared = 0;
    const void* reserved = nullptr;
    const void* exclusive = nullptr;
  };

  enum class Outcome { kFine, kError, kFull };
  Outcome BeforeWrite(Node& node, std::size_t offset, std::string_view bytes);
  Outcome BeforeSync(Node& node);
  bool IsFaultDue(bool is_sync);
  void CutPowerLocked();

  mutable std::mutex mutex_;
  const std::unique_ptr<Rng> rng_;
  std::map<std::string, std::shared_ptr<Node>> nodes_;
  int generation_ = 0;  // rises with every power cut
  int calls_ = 0;
  int fails_at_ = -1;
  Fault fault_ = Fault::kPowerCut;
  std::int64_t free_bytes_ = -1;
  bool read_only_ = false;

  std::string name_;
  struct Registration;
  std::unique_ptr<Registration> registration_;
};

}  // namespace weir::control
