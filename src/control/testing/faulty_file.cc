#include <algorithm>

#include "control/testing/faulty_disk.h"

namespace weir::control {
namespace {

constexpr std::size_t kSector = 512;  // a disk writes one whole or not at all

}  // namespace

void FaultyFile::Write(std::size_t offset, std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t size = std::min(bytes.size(), kSector - offset % kSector);
    unsynced_.push_back({.offset = offset, .bytes = std::string(bytes.substr(0, size))});
    Apply(unsynced_.back(), content_);
    offset += size;
    bytes.remove_prefix(size);
  }
}

void FaultyFile::Truncate(std::size_t size) {
  unsynced_.push_back({.offset = size, .bytes = {}, .truncates = true});
  Apply(unsynced_.back(), content_);
}

void FaultyFile::Sync() {
  // Not all of content_: a failed flush may have left some of it in memory only, for good.
  for (const Operation& operation : unsynced_) Apply(operation, durable_);
  unsynced_.clear();
  has_durable_name_ = true;
}

void FaultyFile::SyncByChance(Rng& rng) {
  for (const Operation& operation : unsynced_) {
    if (rng.Below(2) == 0) Apply(operation, durable_);
  }
  unsynced_.clear();
  if (rng.Below(2) == 0) has_durable_name_ = true;
}

void FaultyFile::CutPower(Rng& rng) {
  SyncByChance(rng);
  content_ = durable_;
}

void FaultyFile::FlipBit(std::size_t offset) {
  content_.at(offset) = static_cast<char>(content_.at(offset) ^ 1);
  if (offset < durable_.size()) durable_[offset] = static_cast<char>(durable_[offset] ^ 1);
}

void FaultyFile::Apply(const Operation& operation, std::string& content) {
  if (operation.truncates) {
    content.resize(std::min(content.size(), operation.offset));
    return;
  }
  const std::size_t end = operation.offset + operation.bytes.size();
  if (content.size() < end) content.resize(end);
  content.replace(operation.offset, operation.bytes.size(), operation.bytes);
}

}  // namespace weir::control
