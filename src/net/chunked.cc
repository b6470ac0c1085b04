#include "net/chunked.h"

#include <algorithm>
#include <charconv>

#include "net/http_fields.h"

namespace weir::net {
namespace {

constexpr std::size_t kLongestLine = 256;
constexpr std::size_t kLongestTrailers = 4096;

Refusal Bad(std::string_view why) { return {400, Invalid("malformed chunked body: {}", why)}; }

std::optional<Refusal> ParseChunkSize(std::string_view line, std::uint64_t& size) {
  std::string_view digits = line.substr(0, line.find(';'));
  while (digits.size() < line.size() && digits.ends_with(' ')) digits.remove_suffix(1);
  if (digits.empty() || digits.size() > 16 || !IsFieldValue(line)) return Bad("no chunk size");
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), size, 16);
  if (error != std::errc() || end != digits.data() + digits.size()) return Bad("no chunk size");
  return std::nullopt;
}

}  // namespace

std::optional<Refusal> ChunkedDecoder::TakeLine(std::string_view line) {
  switch (state_) {
    case State::kSize: {
      if (auto refusal = ParseChunkSize(line, left_)) return refusal;
      state_ = left_ == 0 ? State::kTrailer : State::kData;
      return std::nullopt;
    }
    case State::kDataEnd:
      if (!line.empty()) return Bad("a chunk is longer than its size");
      state_ = State::kSize;
      return std::nullopt;
    case State::kTrailer:
      trailer_bytes_ += line.size();
      if (trailer_bytes_ > kLongestTrailers) return Bad("the trailers are too long");
      if (!IsFieldValue(line)) return Bad("a trailer holds control characters");
      if (line.empty()) state_ = State::kDone;
      return std::nullopt;
    case State::kData:
    case State::kDone:
      break;
  }
  return Bad("bytes after the end");
}

std::optional<Refusal> ChunkedDecoder::Next(std::string_view input, Step& step) {
  step = {};
  while (!done() && step.consumed < input.size()) {
    const std::string_view rest = input.substr(step.consumed);
    if (state_ == State::kData) {
      step.body = rest.substr(0, std::min<std::uint64_t>(left_, rest.size()));
      step.consumed += step.body.size();
      left_ -= step.body.size();
      if (left_ == 0) state_ = State::kDataEnd;
      return std::nullopt;
    }
    const std::size_t feed = rest.find('\n');
    if (feed == std::string_view::npos) {
      if (rest.size() > kLongestLine) return Bad("a line is too long");
      return std::nullopt;
    }
    if (feed == 0 || rest[feed - 1] != '\r') return Bad("a line ends without CR");
    if (feed > kLongestLine) return Bad("a line is too long");
    if (auto refusal = TakeLine(rest.substr(0, feed - 1))) return refusal;
    step.consumed += feed + 1;
  }
  return std::nullopt;
}

std::string ChunkHead(std::size_t size) { return fmt::format("{:x}\r\n", size); }

}  // namespace weir::net
