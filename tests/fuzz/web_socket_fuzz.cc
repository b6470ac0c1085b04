// Goal: where the pieces of a WebSocket's frames end changes nothing, whatever their bytes, and no
// message grows past its limit. Method: the first byte chooses the role and the size of pieces.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/check.h"
#include "net/web_socket_frames.h"

namespace {

using namespace weir::net;  // NOLINT: one program

constexpr std::size_t kMaxMessage = 1'000;

// All that was heard, in one text, to be compared.
std::string Hear(std::string_view bytes, WebSocketRole role, std::size_t piece) {
  WebSocketReader reader(role, kMaxMessage);
  std::string heard;
  std::string pending;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    pending += bytes.substr(at, piece);
    for (std::optional<WebSocketReader::Event> event = WebSocketReader::Event{}; event;) {
      std::size_t consumed = 0;
      if (const auto violation = reader.Next(pending, consumed, event)) {
        return heard + "violation " + std::to_string(violation->close_code);
      }
      WEIR_CHECK(consumed <= pending.size());
      pending.erase(0, consumed);
      if (!event) continue;
      WEIR_CHECK(event->data.size() <= kMaxMessage);
      heard += std::to_string(static_cast<int>(event->opcode)) + ' ' + event->data + '\n';
    }
  }
  return heard;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  const auto role = data[0] % 2 == 0 ? WebSocketRole::kServer : WebSocketRole::kClient;
  WEIR_CHECK(Hear(bytes, role, size) == Hear(bytes, role, 1U + data[0] / 2U % 16U));
  return 0;
}
