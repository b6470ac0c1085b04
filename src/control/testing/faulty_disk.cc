#include "control/testing/faulty_disk.h"

#include <algorithm>

#include "base/check.h"
#include "control/testing/faulty_vfs.h"

namespace weir::control {

FaultyDisk::FaultyDisk(std::uint64_t seed) : rng_(SeededRng(seed)) {
  registration_ = std::make_unique<Registration>(*this);
  name_ = registration_->name;
}

FaultyDisk::~FaultyDisk() = default;

void FaultyDisk::FailCall(int nth, Fault fault) {
  const std::lock_guard lock(mutex_);
  fails_at_ = calls_ + nth;
  fault_ = fault;
}

void FaultyDisk::Heal() {
  const std::lock_guard lock(mutex_);
  fails_at_ = -1;
}

int FaultyDisk::power_cuts() const {
  const std::lock_guard lock(mutex_);
  return generation_;
}

int FaultyDisk::calls() const {
  const std::lock_guard lock(mutex_);
  return calls_;
}

void FaultyDisk::FillDisk(std::int64_t free_bytes) {
  const std::lock_guard lock(mutex_);
  free_bytes_ = free_bytes;
}

void FaultyDisk::CutPower() {
  const std::lock_guard lock(mutex_);
  CutPowerLocked();
}

void FaultyDisk::CutPowerLocked() {
  ++generation_;
  fails_at_ = -1;
  for (auto it = nodes_.begin(); it != nodes_.end();) {
    // Whoever has the old node open still holds it, and finds it dead by its generation.
    auto node = std::make_shared<Node>();
    node->file = it->second->file;
    node->file.CutPower(*rng_);
    it->second = std::move(node);
    it = it->second->file.has_durable_name() ? std::next(it) : nodes_.erase(it);
  }
}

void FaultyDisk::FlipBit(const std::string& path, std::size_t offset) {
  const std::lock_guard lock(mutex_);
  nodes_.at(path)->file.FlipBit(offset);
}

void FaultyDisk::Place(const std::string& path, std::string_view content) {
  const std::lock_guard lock(mutex_);
  auto node = std::make_shared<Node>();
  node->file.Write(0, content);
  node->file.Sync();
  nodes_[path] = std::move(node);
}

std::size_t FaultyDisk::SizeOf(const std::string& path) const {
  const std::lock_guard lock(mutex_);
  const auto found = nodes_.find(path);
  return found == nodes_.end() ? 0 : found->second->file.content().size();
}

// A call that the fault does not fit (a failing flush, when a write comes) waits for one it does.
bool FaultyDisk::IsFaultDue(bool is_sync) {
  const int call = calls_++;
  if (fails_at_ < 0 || call < fails_at_) return false;
  if (fault_ == Fault::kWriteError && is_sync) return false;
  if (fault_ == Fault::kSyncError && !is_sync) return false;
  fails_at_ = -1;
  return true;
}

FaultyDisk::Outcome FaultyDisk::BeforeWrite(Node& node, std::size_t offset,
                                            std::string_view bytes) {
  if (IsFaultDue(false)) {
    node.file.Write(offset, bytes.substr(0, rng_->Below(bytes.size())));
    if (fault_ == Fault::kPowerCut) CutPowerLocked();
    return Outcome::kError;
  }
  if (free_bytes_ < 0) return Outcome::kFine;
  const std::size_t size = node.file.content().size();
  const std::size_t end = offset + bytes.size();
  const auto growth = static_cast<std::int64_t>(end > size ? end - size : 0);
  if (growth > free_bytes_) return Outcome::kFull;
  free_bytes_ -= growth;
  return Outcome::kFine;
}

FaultyDisk::Outcome FaultyDisk::BeforeSync(Node& node) {
  if (!IsFaultDue(true)) return Outcome::kFine;
  node.file.SyncByChance(*rng_);
  if (fault_ == Fault::kPowerCut) CutPowerLocked();
  return Outcome::kError;
}

}  // namespace weir::control
