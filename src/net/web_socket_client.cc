#include <utility>

#include "net/client_connection.h"
#include "net/client_exchange.h"
#include "net/http_head.h"
#include "net/web_socket.h"
#include "net/web_socket_frames.h"
#include "net/web_socket_handshake.h"

namespace weir::net {
namespace {

using Opcode = WebSocketOpcode;

constexpr std::size_t kMaxHeadBytes = 64 << 10;
constexpr std::size_t kMaxFields = 256;
constexpr std::chrono::seconds kGoodBye{2};

class ClientWebSocket final : public WebSocket {
 public:
  ClientWebSocket(std::unique_ptr<ClientConnection> connection, std::size_t max_message_bytes)
      : connection_(std::move(connection)), reader_(WebSocketRole::kClient, max_message_bytes) {}

  ~ClientWebSocket() override { connection_->Close(); }

  Status Send(const Context& context, Message message) override {
    if (closed_) return Unavailable("send a message: the WebSocket is closed");
    return SendFrame(context, message.is_text ? Opcode::kText : Opcode::kBinary,
                     std::move(message.data));
  }

  Result<std::optional<Message>> Receive(const Context& context) override;

  void Close(std::uint16_t code, std::string reason) override {
    if (std::exchange(closed_, true)) return;
    const Context soon = Context::Background().WithTimeout(kGoodBye);
    if (!SendFrame(soon, Opcode::kClose, ClosePayload(code, reason))) return;
    while (auto message = Receive(soon)) {
      if (!*message) return;
    }
  }

 private:
  // One frame for each message, under a mask nobody can foresee.
  Status SendFrame(const Context& context, Opcode opcode, std::string payload) {
    std::array<std::uint8_t, 4> mask{};
    SystemRng().Fill(std::as_writable_bytes(std::span(mask)));
    std::string frame = WebSocketFrameHead(opcode, payload.size(), mask);
    ApplyMask(payload, mask);
    return connection_->Write(context, frame += payload);
  }

  const std::unique_ptr<ClientConnection> connection_;
  WebSocketReader reader_;
  bool closed_ = false;  // by us
  bool ended_ = false;   // by the server
};

Result<std::optional<WebSocket::Message>> ClientWebSocket::Receive(const Context& context) {
  std::optional<Message> message;
  while (!ended_) {
    std::size_t consumed = 0;
    std::optional<WebSocketReader::Event> event;
    if (const auto violation = reader_.Next(connection_->input().data(), consumed, event)) {
      connection_->Close();
      return Unavailable("receive a message: {}", violation->why);
    }
    connection_->input().Consume(consumed);
    if (!event) {
      ASSIGN_OR_RETURN(const bool more, connection_->FillPatiently(context));
      if (!more) return Unavailable("receive a message: the server broke off");
    } else if (event->opcode == Opcode::kText || event->opcode == Opcode::kBinary) {
      return Message{std::move(event->data), event->opcode == Opcode::kText};
    } else if (event->opcode == Opcode::kPing) {
      RETURN_IF_ERROR(SendFrame(context, Opcode::kPong, std::move(event->data)));
    } else if (event->opcode == Opcode::kClose) {
      ended_ = true;
      if (!std::exchange(closed_, true)) {
        static_cast<void>(
            SendFrame(context, Opcode::kClose, ClosePayload(close_code::kNormal, "")));
      }
    }
  }
  return message;
}

Status Upgrade(ClientConnection& connection, const Context& context, const Url& url,
               const HttpClient::Fields& fields) {
  const std::string key = MakeWebSocketKey(SystemRng());
  HttpClient::Request request{.url = url, .fields = fields};
  request.fields.insert(request.fields.end(), {{"Upgrade", "websocket"},
                                               {"Connection", "Upgrade"},
                                               {"Sec-WebSocket-Version", "13"},
                                               {"Sec-WebSocket-Key", key}});
  RETURN_IF_ERROR(connection.Write(context, RenderRequestHead(request)));
  ASSIGN_OR_RETURN(const std::string text, ReadHeadText(connection, context, kMaxHeadBytes));
  ResponseHead head;
  if (const auto refusal = ParseResponseHead(text, kMaxFields, head)) return refusal->error;
  if (head.status != 101) {
    return Invalid("open a WebSocket at {}: the server answers with status {}", url.endpoint.Host(),
                   head.status);
  }
  const auto upgrade = FindField(head.fields, "upgrade");
  const auto accept = FindField(head.fields, "sec-websocket-accept");
  if (!upgrade || !EqualsIgnoringCase(*upgrade, "websocket") || accept != WebSocketAcceptOf(key)) {
    return Invalid("open a WebSocket at {}: the server speaks something else", url.endpoint.Host());
  }
  return Ok();
}

}  // namespace

Result<std::unique_ptr<WebSocket>> ConnectWebSocket(const Context& context, const Url& url,
                                                    const HttpClient::Fields& fields,
                                                    const HttpClientOptions& options,
                                                    std::size_t max_message_bytes) {
  RETURN_IF_ERROR(CheckRequest({.url = url, .fields = fields}));
  auto connection = std::make_unique<ClientConnection>(options.stall_timeout);
  RETURN_IF_ERROR(connection->Connect(context, url.endpoint, options));
  RETURN_IF_ERROR(Upgrade(*connection, context, url, fields));
  return std::make_unique<ClientWebSocket>(std::move(connection), max_message_bytes);
}

}  // namespace weir::net
