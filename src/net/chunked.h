#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "net/refusal.h"

namespace weir::net {

/// Takes the chunked transfer coding (RFC 9112, section 7.1) off a body that comes in pieces.
///
/// Strict: sizes are 1 to 16 hex digits, lines end in CRLF and have at most 256 bytes; extensions
/// and trailers are skipped, of the latter at most 4 KiB. One thread.
class ChunkedDecoder {
 public:
  /// What one step took from the front of its input, and which part of that is body.
  struct Step {
    std::size_t consumed = 0;
    std::string_view body = {};
  };

  /// Reads on in `input` to the end of the next piece of body, or to where more input is needed
  /// (then `body` is empty). Call it again with what it did not consume.
  std::optional<Refusal> Next(std::string_view input, Step& step);

  bool done() const { return state_ == State::kDone; }

 private:
  enum class State { kSize, kData, kDataEnd, kTrailer, kDone };

  std::optional<Refusal> TakeLine(std::string_view line);

  State state_ = State::kSize;
  std::uint64_t left_ = 0;         // of the chunk being read
  std::size_t trailer_bytes_ = 0;  // so far
};

/// The line before a chunk of `size` bytes; after the chunk stands CRLF.
std::string ChunkHead(std::size_t size);
inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

}  // namespace weir::net
