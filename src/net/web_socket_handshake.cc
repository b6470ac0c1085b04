#include "net/web_socket_handshake.h"

#include <openssl/evp.h>

#include <array>
#include <span>

namespace weir::net {
namespace {

constexpr std::string_view kGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
constexpr std::size_t kKeyBytes = 16;
constexpr std::size_t kKeyLength = 24;  // in base64

std::string Base64(std::span<const std::uint8_t> bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

bool IsKey(std::string_view key) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  return key.size() == kKeyLength && key.ends_with("==") &&
         key.find_first_not_of(kAlphabet) == kKeyLength - 2;
}

}  // namespace

std::string MakeWebSocketKey(Rng& rng) {
  std::array<std::uint8_t, kKeyBytes> bytes{};
  rng.Fill(std::as_writable_bytes(std::span(bytes)));
  return Base64(bytes);
}

std::string WebSocketAcceptOf(std::string_view key) {
  const std::string text = std::string(key).append(kGuid);
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr);
  return Base64(std::span(digest).first(size));
}

WebSocketUpgrade AnswerUpgrade(const RequestHead& head) {
  if (!head.wants_web_socket || head.has_body()) {
    return {.refusal = Refusal{426, Invalid("this address speaks WebSocket only")}};
  }
  if (head.Get("sec-websocket-version") != "13") {
    return {.refusal = Refusal{426, Unimplemented("a WebSocket version other than 13")}};
  }
  const auto key = head.Get("sec-websocket-key");
  if (!key || !IsKey(*key)) {
    return {.refusal = Refusal{400, Invalid("Sec-WebSocket-Key is no key")}};
  }
  return {.response =
              "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
              "Connection: Upgrade\r\nSec-WebSocket-Accept: " +
              WebSocketAcceptOf(*key) + "\r\n\r\n"};
}

}  // namespace weir::net
