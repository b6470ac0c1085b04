#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir::net {

/// Status codes of a closing WebSocket (RFC 6455, section 7.4.1), of those used here.
namespace close_code {
inline constexpr std::uint16_t kNormal = 1000;
inline constexpr std::uint16_t kGoingAway = 1001;
inline constexpr std::uint16_t kProtocolError = 1002;
inline constexpr std::uint16_t kNone = 1005;  ///< never on the wire: the close frame was empty
inline constexpr std::uint16_t kInvalidText = 1007;
inline constexpr std::uint16_t kTooLarge = 1009;
inline constexpr std::uint16_t kInternal = 1011;
}  // namespace close_code

enum class WebSocketRole { kServer, kClient };

enum class WebSocketOpcode : std::uint8_t {
  kContinuation = 0,
  kText = 1,
  kBinary = 2,
  kClose = 8,
  kPing = 9,
  kPong = 10,
};

/// Takes the frames of RFC 6455 apart and joins fragments to messages.
///
/// Strict: no extensions, masks exactly where they belong, lengths in their shortest form, control
/// frames whole and short, text in UTF-8. A peer that does otherwise is to be left. One thread.
class WebSocketReader {
 public:
  /// What came: a message (kText, kBinary) or a control frame.
  struct Event {
    WebSocketOpcode opcode = WebSocketOpcode::kBinary;
    std::string data = {};         ///< of a close: its reason
    std::uint16_t close_code = 0;  ///< of a close
  };

  /// Why the peer is to be left, and the code to tell it.
  struct Violation {
    std::uint16_t close_code = close_code::kProtocolError;
    std::string_view why = {};
  };

  /// `role` is the reader's own.
  WebSocketReader(WebSocketRole role, std::size_t max_message_bytes)
      : role_(role), max_message_bytes_(max_message_bytes) {}

  /// Reads on in `input`, up to the next event or to where more input is needed. Call it again with
  /// what was not consumed.
  std::optional<Violation> Next(std::string_view input, std::size_t& consumed,
                                std::optional<Event>& event);

 private:
  struct Head {
    WebSocketOpcode opcode = WebSocketOpcode::kBinary;
    bool is_final = false;
    bool is_masked = false;
    std::array<std::uint8_t, 4> mask{};
    std::uint64_t size = 0;

    bool is_control() const { return static_cast<std::uint8_t>(opcode) >= 8; }
  };

  std::optional<Violation> ReadHead(std::string_view input, std::size_t& size);
  std::optional<Violation> CheckHead() const;
  std::size_t TakePayload(std::string_view input);
  std::optional<Violation> EndFrame(std::optional<Event>& event);

  const WebSocketRole role_;
  const std::size_t max_message_bytes_;

  Head head_;
  bool in_payload_ = false;
  std::uint64_t taken_ = 0;  // of the payload
  std::string control_;
  std::string message_;
  std::optional<WebSocketOpcode> message_opcode_;  // while a message is incomplete
};

/// The bytes before a whole frame's payload of `size` bytes. A client gives a `mask`, and sends the
/// payload under it.
std::string WebSocketFrameHead(WebSocketOpcode opcode, std::size_t size,
                               std::optional<std::array<std::uint8_t, 4>> mask);

/// Puts `payload` under `mask`, or takes it off again.
void ApplyMask(std::string& payload, const std::array<std::uint8_t, 4>& mask);

/// The payload of a close frame; a reason longer than fits is cut.
std::string ClosePayload(std::uint16_t code, std::string_view reason);

}  // namespace weir::net
