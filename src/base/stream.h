#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace weir {

class ReadableFile;

/// Bytes that arrive piece by piece: a request body, an object, a file. One reader, one thread at a
/// time. A Read may wait for the other side, within the deadline its maker was given.
class ByteSource {
 public:
  virtual ~ByteSource() = default;

  /// Fills the front of `buffer`; returns how many bytes were put there, 0 only at the end.
  virtual Result<std::size_t> Read(std::span<std::byte> buffer) = 0;

  /// The total length when it is known before reading.
  virtual std::optional<std::uint64_t> Size() const { return std::nullopt; }

  /// The file these bytes are the whole of, for who would rather read it at any place than copy it
  /// first; null when there is none, as for whatever comes from another process.
  virtual std::shared_ptr<const ReadableFile> File() const { return nullptr; }
};

/// Where bytes go piece by piece: a response body, an object being written. One writer, one thread
/// at a time. Write waits while the other side is slow (back-pressure), within its deadline.
class ByteSink {
 public:
  virtual ~ByteSink() = default;

  virtual Status Write(ByteView bytes) = 0;
};

/// A source over a string it owns.
std::unique_ptr<ByteSource> SourceOf(std::string content);

/// Everything `source` has left; kExhausted when it is more than `limit` bytes.
Result<std::string> ReadAll(ByteSource& source, std::size_t limit);

}  // namespace weir
