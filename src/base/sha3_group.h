#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/keccak.h"

namespace weir {

/// SHA3-256 of several independent streams, hashed side by side in the lanes of vector registers:
/// eight streams take about as long as one does alone with AVX-512, four about as two with AVX2. So
/// the columns of a table are hashed as one group. The digests are those of Sha3.
///
/// A stream that is longer than all others together gains nothing: its blocks follow each other.
/// One thread at a time.
class Sha3Group {
 public:
  struct Options {
    KeccakPath path = BestKeccakPath();
    /// Bytes kept over all streams until there is enough to work side by side; at least two blocks
    /// for each stream are.
    std::size_t buffer_bytes = 1 << 20;
  };

  Sha3Group() : Sha3Group(Options{}) {}
  explicit Sha3Group(Options options);

  /// A new empty stream; streams are numbered from 0.
  std::size_t AddStream();
  std::size_t size() const { return streams_.size(); }

  /// Adds bytes, of any number, to the end of one stream. They are copied.
  void Append(std::size_t stream, ByteView bytes) {
    Stream& to = streams_[stream];
    if (bytes.size() <= to.capacity - to.size && bytes.size() <= room_) [[likely]] {
      if (!bytes.empty()) std::memcpy(to.buffer.get() + to.size, bytes.data(), bytes.size());
      to.size += bytes.size();
      room_ -= bytes.size();
    } else {
      AppendSlowly(to, bytes);
    }
  }

  /// Adds a piece to each stream, in order; an empty one adds nothing. Cheaper than Append for
  /// pieces of kilobytes, for most of their bytes are hashed where they are.
  void AppendEach(std::span<const ByteView> pieces);

  /// The digest of each stream, in order. The group is then empty and can be used anew.
  std::vector<Digest> Finish();

 private:
  struct Stream {
    KeccakState state{};
    std::unique_ptr<std::byte[]> buffer;  // bytes not hashed yet
    std::size_t size = 0;
    std::size_t capacity = 0;
  };
  // Whole blocks that a stream takes in next.
  struct Run {
    KeccakState* state;
    const std::byte* blocks;
    std::size_t count;
  };

  void AppendSlowly(Stream& to, ByteView bytes);
  void Absorb(std::vector<Run> runs);
  void AbsorbTogether(std::span<Run> runs, std::size_t count);
  void AbsorbBuffers();

  const Options options_;
  std::vector<Stream> streams_;
  std::size_t room_;  // bytes that the buffers still take, all together
};

}  // namespace weir
