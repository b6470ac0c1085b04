#include "base/sha3_group.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/check.h"
#include "base/sha3_padding.h"

namespace weir {
namespace {

// A buffer of many times its share is given back once it is hashed, so that thousands of streams
// stay small.
constexpr std::size_t kMostShares = 4;

// Lanes change hands no sooner: that costs about as much as hashing one block in each.
constexpr std::size_t kTurn = 64;

void Grow(std::unique_ptr<std::byte[]>& buffer, std::size_t used, std::size_t capacity) {
  auto larger = std::make_unique_for_overwrite<std::byte[]>(capacity);
  if (used > 0) std::memcpy(larger.get(), buffer.get(), used);
  buffer = std::move(larger);
}

}  // namespace

Sha3Group::Sha3Group(Options options) : options_(options), room_(options.buffer_bytes) {
  WEIR_CHECK(IsUsable(options_.path));
}

std::size_t Sha3Group::AddStream() {
  streams_.emplace_back();
  return streams_.size() - 1;
}

void Sha3Group::AppendSlowly(Stream& to, ByteView bytes) {
  while (!bytes.empty()) {
    if (room_ == 0) AbsorbBuffers();
    const std::size_t count = std::min(bytes.size(), room_);
    if (count > to.capacity - to.size) {
      to.capacity = std::max({to.capacity * 2, to.size + count, 2 * kSha3BlockSize});
      Grow(to.buffer, to.size, to.capacity);
    }
    std::memcpy(to.buffer.get() + to.size, bytes.data(), count);
    to.size += count;
    room_ -= count;
    bytes = bytes.subspan(count);
  }
}

void Sha3Group::AppendEach(std::span<const ByteView> pieces) {
  WEIR_CHECK(pieces.size() == streams_.size());
  std::vector<ByteView> rests(pieces.begin(), pieces.end());
  for (std::size_t i = 0; i < rests.size(); ++i) {
    // Up to the end of a block, so that what follows starts one.
    const std::size_t begun = streams_[i].size % kSha3BlockSize;
    const std::size_t missing = begun == 0 ? 0 : kSha3BlockSize - begun;
    const ByteView head = rests[i].first(std::min(missing, rests[i].size()));
    Append(i, head);
    rests[i] = rests[i].subspan(head.size());
  }
  AbsorbBuffers();
  std::vector<Run> runs;
  for (std::size_t i = 0; i < rests.size(); ++i) {
    const std::size_t count = rests[i].size() / kSha3BlockSize;
    if (count > 0) runs.push_back({&streams_[i].state, rests[i].data(), count});
    rests[i] = rests[i].subspan(count * kSha3BlockSize);
  }
  Absorb(std::move(runs));
  for (std::size_t i = 0; i < rests.size(); ++i) Append(i, rests[i]);
}

std::vector<Digest> Sha3Group::Finish() {
  AbsorbBuffers();
  std::vector<std::array<std::byte, kSha3BlockSize>> last(streams_.size());
  std::vector<Run> runs;
  for (std::size_t i = 0; i < streams_.size(); ++i) {
    Stream& stream = streams_[i];
    if (stream.size > 0) std::memcpy(last[i].data(), stream.buffer.get(), stream.size);
    PadSha3Block(last[i].data(), stream.size);
    runs.push_back({&stream.state, last[i].data(), 1});
  }
  Absorb(std::move(runs));
  std::vector<Digest> digests;
  digests.reserve(streams_.size());
  for (const Stream& stream : streams_) digests.push_back(DigestOf(stream.state));
  streams_.clear();
  room_ = options_.buffer_bytes;
  return digests;
}

// All whole blocks that were kept; what is left of each stream moves to the front of its buffer.
void Sha3Group::AbsorbBuffers() {
  std::vector<Run> runs;
  for (Stream& stream : streams_) {
    const std::size_t count = stream.size / kSha3BlockSize;
    if (count > 0) runs.push_back({&stream.state, stream.buffer.get(), count});
  }
  Absorb(std::move(runs));
  std::size_t left = 0;
  const std::size_t limit = std::max(options_.buffer_bytes, streams_.size() * 2 * kSha3BlockSize);
  for (Stream& stream : streams_) {
    const std::size_t taken = stream.size / kSha3BlockSize * kSha3BlockSize;
    stream.size -= taken;
    left += stream.size;
    if (taken > 0) std::memmove(stream.buffer.get(), stream.buffer.get() + taken, stream.size);
    if (stream.capacity > kMostShares * limit / streams_.size()) {
      stream.capacity = 2 * kSha3BlockSize;
      Grow(stream.buffer, stream.size, stream.capacity);
    }
  }
  room_ = limit - left;
}

// The longest runs go first and side by side, taking turns with the next as they shrink to its
// length, so that as few lanes as can be are idle in the end. Digests do not depend on the turns.
void Sha3Group::Absorb(std::vector<Run> runs) {
  const std::size_t lanes = LanesOf(options_.path);
  const auto shorter = [](const Run& a, const Run& b) { return a.count < b.count; };
  std::make_heap(runs.begin(), runs.end(), shorter);
  std::vector<Run> chosen;
  while (lanes > 1 && runs.size() > 1) {
    chosen.clear();
    while (chosen.size() < lanes && !runs.empty()) {
      std::pop_heap(runs.begin(), runs.end(), shorter);
      chosen.push_back(runs.back());
      runs.pop_back();
    }
    const std::size_t shortest = chosen.back().count;
    const std::size_t next = runs.empty() ? 0 : runs.front().count;
    AbsorbTogether(chosen, std::min(shortest, std::max(shortest - next, kTurn)));
    for (const Run& run : chosen) {
      if (run.count == 0) continue;
      runs.push_back(run);
      std::push_heap(runs.begin(), runs.end(), shorter);
    }
  }
  for (const Run& run : runs) AbsorbBlocks(*run.state, run.blocks, run.count);
}

void Sha3Group::AbsorbTogether(std::span<Run> runs, std::size_t count) {
  // A lane that nobody uses works on the first one's blocks, and nobody looks.
  std::array<KeccakState, kMostKeccakLanes> idle{};
  std::array<KeccakState*, kMostKeccakLanes> states{};
  std::array<const std::byte*, kMostKeccakLanes> blocks{};
  for (std::size_t lane = 0; lane < LanesOf(options_.path); ++lane) {
    states[lane] = lane < runs.size() ? runs[lane].state : &idle[lane];
    blocks[lane] = runs[lane < runs.size() ? lane : 0].blocks;
  }
  AbsorbBlocks(options_.path, states.data(), blocks.data(), count);
  for (Run& run : runs) {
    run.blocks += count * kSha3BlockSize;
    run.count -= count;
  }
}

}  // namespace weir
