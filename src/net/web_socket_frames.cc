#include "net/web_socket_frames.h"

#include <algorithm>
#include <utility>

#include "net/utf8.h"

namespace weir::net {
namespace {

constexpr std::size_t kLongestControl = 125;
constexpr std::uint8_t kFinal = 0x80;
constexpr std::uint8_t kReserved = 0x70;
constexpr std::uint8_t kMasked = 0x80;

using Violation = WebSocketReader::Violation;

Violation Breach(std::string_view why) { return {close_code::kProtocolError, why}; }

std::uint8_t ByteAt(std::string_view text, std::size_t at) {
  return static_cast<std::uint8_t>(text[at]);
}

std::uint64_t NumberAt(std::string_view text, std::size_t at, std::size_t bytes) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < bytes; ++i) number = number << 8 | ByteAt(text, at + i);
  return number;
}

void AppendNumber(std::string& text, std::uint64_t number, std::size_t bytes) {
  for (std::size_t i = bytes; i-- > 0;) text += static_cast<char>(number >> (8 * i) & 0xff);
}

bool IsKnown(std::uint8_t opcode) { return opcode <= 2 || (opcode >= 8 && opcode <= 10); }

// Codes that may stand in a close frame.
bool IsSendable(std::uint64_t code) {
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) ||
         (code >= 3000 && code <= 4999);
}

}  // namespace

// Sets `size` once the head is whole.
std::optional<Violation> WebSocketReader::ReadHead(std::string_view input, std::size_t& size) {
  size = 0;
  if (input.size() < 2) return std::nullopt;
  const std::uint8_t first = ByteAt(input, 0);
  const std::uint8_t second = ByteAt(input, 1);
  if ((first & kReserved) != 0) return Breach("reserved bits are set");
  if (!IsKnown(first & 0x0f)) return Breach("an unknown opcode");
  head_.is_final = (first & kFinal) != 0;
  head_.opcode = static_cast<WebSocketOpcode>(first & 0x0f);
  head_.is_masked = (second & kMasked) != 0;
  const std::size_t short_length = second & 0x7f;
  const std::size_t length_bytes = short_length == 127 ? 8 : short_length == 126 ? 2 : 0;
  const std::size_t mask_at = 2 + length_bytes;
  const std::size_t end = mask_at + (head_.is_masked ? 4 : 0);
  if (input.size() < end) return std::nullopt;
  head_.size = length_bytes == 0 ? short_length : NumberAt(input, 2, length_bytes);
  const std::uint64_t smallest = length_bytes == 8 ? 65'536 : length_bytes == 2 ? 126 : 0;
  if (head_.size < smallest) return Breach("a length is not in its shortest form");
  if (head_.is_masked) {
    for (std::size_t i = 0; i < 4; ++i) head_.mask.at(i) = ByteAt(input, mask_at + i);
  }
  size = end;
  return CheckHead();
}

std::optional<Violation> WebSocketReader::CheckHead() const {
  if (head_.is_masked != (role_ == WebSocketRole::kServer)) {
    return Breach(head_.is_masked ? "a server's frame is masked"
                                  : "a client's frame is not masked");
  }
  if (head_.is_control()) {
    if (!head_.is_final) return Breach("a control frame in fragments");
    if (head_.size > kLongestControl) return Breach("a control frame is too long");
    return std::nullopt;
  }
  const bool continues = head_.opcode == WebSocketOpcode::kContinuation;
  if (continues != message_opcode_.has_value()) {
    return Breach(continues ? "a continuation of nothing" : "a message inside of another");
  }
  // Without adding up: a length may be close to 2^64.
  if (head_.size > max_message_bytes_ || message_.size() > max_message_bytes_ - head_.size) {
    return Violation{close_code::kTooLarge, "a message is too large"};
  }
  return std::nullopt;
}

std::size_t WebSocketReader::TakePayload(std::string_view input) {
  const std::size_t count = std::min<std::uint64_t>(input.size(), head_.size - taken_);
  std::string& into = head_.is_control() ? control_ : message_;
  const std::size_t start = into.size();
  into.append(input.substr(0, count));
  if (head_.is_masked) {
    for (std::size_t i = 0; i < count; ++i) {
      into[start + i] = static_cast<char>(into[start + i] ^ head_.mask[(taken_ + i) % 4]);
    }
  }
  taken_ += count;
  return count;
}

std::optional<Violation> WebSocketReader::EndFrame(std::optional<Event>& event) {
  in_payload_ = false;
  if (!head_.is_control()) {
    if (!message_opcode_) message_opcode_ = head_.opcode;
    if (!head_.is_final) return std::nullopt;
    event = Event{.opcode = *std::exchange(message_opcode_, std::nullopt),
                  .data = std::exchange(message_, {})};
    if (event->opcode == WebSocketOpcode::kText && !IsUtf8(event->data)) {
      return Violation{close_code::kInvalidText, "a text is not UTF-8"};
    }
    return std::nullopt;
  }
  event = Event{.opcode = head_.opcode, .data = std::exchange(control_, {})};
  if (head_.opcode != WebSocketOpcode::kClose) return std::nullopt;
  if (event->data.empty()) {
    event->close_code = close_code::kNone;
    return std::nullopt;
  }
  if (event->data.size() < 2) return Breach("a close frame of one byte");
  event->close_code = static_cast<std::uint16_t>(NumberAt(event->data, 0, 2));
  event->data.erase(0, 2);
  if (!IsSendable(event->close_code)) return Breach("a close code that is none");
  if (!IsUtf8(event->data)) return Violation{close_code::kInvalidText, "a reason is not UTF-8"};
  return std::nullopt;
}

std::optional<Violation> WebSocketReader::Next(std::string_view input, std::size_t& consumed,
                                               std::optional<Event>& event) {
  consumed = 0;
  event.reset();
  while (!event) {
    if (!in_payload_) {
      std::size_t head_size = 0;
      if (auto violation = ReadHead(input.substr(consumed), head_size)) return violation;
      if (head_size == 0) return std::nullopt;
      consumed += head_size;
      in_payload_ = true;
      taken_ = 0;
    }
    consumed += TakePayload(input.substr(consumed));
    if (taken_ < head_.size) return std::nullopt;
    if (auto violation = EndFrame(event)) return violation;
  }
  return std::nullopt;
}

std::string WebSocketFrameHead(WebSocketOpcode opcode, std::size_t size,
                               std::optional<std::array<std::uint8_t, 4>> mask) {
  std::string head;
  head += static_cast<char>(kFinal | static_cast<std::uint8_t>(opcode));
  const std::uint8_t masked = mask ? kMasked : 0;
  if (size < 126) {
    head += static_cast<char>(masked | size);
  } else if (size < 65'536) {
    head += static_cast<char>(masked | 126);
    AppendNumber(head, size, 2);
  } else {
    head += static_cast<char>(masked | 127);
    AppendNumber(head, size, 8);
  }
  if (mask) head.append(mask->begin(), mask->end());
  return head;
}

void ApplyMask(std::string& payload, const std::array<std::uint8_t, 4>& mask) {
  for (std::size_t i = 0; i < payload.size(); ++i) {
    payload[i] = static_cast<char>(payload[i] ^ mask[i % 4]);
  }
}

std::string ClosePayload(std::uint16_t code, std::string_view reason) {
  std::string payload;
  AppendNumber(payload, code, 2);
  std::size_t size = std::min(reason.size(), kLongestControl - 2);
  while (size > 0 && !IsUtf8(reason.substr(0, size))) --size;
  payload += reason.substr(0, size);
  return payload;
}

}  // namespace weir::net
