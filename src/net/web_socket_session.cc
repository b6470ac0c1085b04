#include "net/web_socket_session.h"

#include <utility>

#include "net/web_socket_frames.h"
#include "net/web_socket_mailbox.h"

namespace weir::net {
namespace {

using Clock = std::chrono::steady_clock;
using Opcode = WebSocketOpcode;

constexpr std::size_t kReadBytes = 16 << 10;
constexpr std::chrono::seconds kGoodBye{2};  // for the client to answer a close

// The handler's run on a worker. Whatever becomes of it, the connection hears that it is over.
class HandlerRun {
 public:
  HandlerRun(std::function<void(WebSocket&)> call, std::shared_ptr<WebSocketMailbox> mailbox)
      : call_(std::move(call)), mailbox_(std::move(mailbox)) {}
  HandlerRun(HandlerRun&&) = default;
  ~HandlerRun() {
    if (mailbox_ == nullptr) return;
    call_ = nullptr;  // what it owns goes before the connection does
    mailbox_->Close(close_code::kInternal, "the handler failed");
    mailbox_->HandlerIsDone();
  }

  void operator()() {
    call_(*mailbox_);
    mailbox_->Close(close_code::kNormal, "");
  }

 private:
  std::function<void(WebSocket&)> call_;
  std::shared_ptr<WebSocketMailbox> mailbox_;
};

// One connection as a WebSocket: one coroutine looks at input, output and the time in turn.
class Session {
 public:
  Session(Wire& wire, const HttpConnectionParts& parts)
      : wire_(wire),
        parts_(parts),
        mailbox_(std::make_shared<WebSocketMailbox>(wire.Waker())),
        reader_(WebSocketRole::kServer, parts.limits.max_message_bytes),
        rate_(parts.limits) {}

  Awaitable<void> Run(std::string response, std::function<void(WebSocket&)> call);

 private:
  Awaitable<void> Talk();
  Awaitable<bool> TakeInput();
  Awaitable<bool> SendWaiting();
  Awaitable<bool> KeepAlive();
  Awaitable<bool> Send(Opcode opcode, std::string_view payload);
  Awaitable<void> End(std::uint16_t code, std::string_view reason);
  Awaitable<void> WaitForMore();

  Wire& wire_;
  const HttpConnectionParts& parts_;
  const std::shared_ptr<WebSocketMailbox> mailbox_;
  WebSocketReader reader_;
  RateGuard rate_;
  Clock::time_point heard_ = Clock::now();
  bool has_pinged_ = false;
  bool client_said_bye_ = false;
};

Awaitable<bool> Session::Send(Opcode opcode, std::string_view payload) {
  const std::string head = WebSocketFrameHead(opcode, payload.size(), std::nullopt);
  const std::array<asio::const_buffer, 3> buffers{asio::buffer(head), asio::buffer(payload)};
  co_return co_await wire_.Write(buffers, rate_, parts_.limits.write_stall);
}

// Says good bye and, unless the client did so first, waits a moment for its answer.
Awaitable<void> Session::End(std::uint16_t code, std::string_view reason) {
  const std::string payload = ClosePayload(code, reason);
  const bool sent = co_await Send(Opcode::kClose, payload);
  mailbox_->End(Ok());
  const auto until = Clock::now() + kGoodBye;
  while (sent && !client_said_bye_ && !wire_.peer_gone() && Clock::now() < until) {
    std::size_t consumed = 0;
    std::optional<WebSocketReader::Event> event;
    if (reader_.Next(wire_.input().data(), consumed, event)) break;
    wire_.input().Consume(consumed);
    client_said_bye_ = event && event->opcode == Opcode::kClose;
    if (event) continue;
    wire_.ReadAhead(kReadBytes, std::stop_source(std::nostopstate));
    co_await wire_.gate().Wait(until);
  }
}

// False when the connection has come to its end.
Awaitable<bool> Session::TakeInput() {
  InputBuffer& input = wire_.input();
  while (!input.empty() && mailbox_->HasRoom()) {
    std::size_t consumed = 0;
    std::optional<WebSocketReader::Event> event;
    if (const auto violation = reader_.Next(input.data(), consumed, event)) {
      mailbox_->End(Unavailable("the WebSocket's client broke the protocol: {}", violation->why));
      co_await End(violation->close_code, violation->why);
      co_return false;
    }
    input.Consume(consumed);
    if (!event) co_return true;
    if (event->opcode == Opcode::kClose) {
      client_said_bye_ = true;
      const bool has_code = event->close_code != close_code::kNone;
      co_await End(has_code ? event->close_code : close_code::kNormal, event->data);
      co_return false;
    }
    if (event->opcode == Opcode::kPing) {
      const bool sent = co_await Send(Opcode::kPong, event->data);
      if (!sent) co_return false;
    } else if (event->opcode != Opcode::kPong) {
      mailbox_->Deliver({std::move(event->data), event->opcode == Opcode::kText});
    }
  }
  co_return true;
}

Awaitable<bool> Session::SendWaiting() {
  while (auto message = mailbox_->Next()) {
    const Opcode opcode = message->is_text ? Opcode::kText : Opcode::kBinary;
    const bool sent = co_await Send(opcode, message->data);
    if (!sent) co_return false;
  }
  if (const auto farewell = mailbox_->GetFarewell()) {
    co_await End(farewell->code, farewell->reason);
    co_return false;
  }
  if (parts_.draining.load(std::memory_order_relaxed)) {
    co_await End(close_code::kGoingAway, "the server is stopping");
    co_return false;
  }
  co_return true;
}

// Pings a client that has been silent; false when it does not answer.
Awaitable<bool> Session::KeepAlive() {
  const auto silence = Clock::now() - heard_;
  if (silence >= 2 * parts_.limits.ping_interval) {
    mailbox_->End(Unavailable("the WebSocket's client does not answer"));
    co_return false;
  }
  if (silence < parts_.limits.ping_interval || std::exchange(has_pinged_, true)) co_return true;
  co_return co_await Send(Opcode::kPing, {});
}

Awaitable<void> Session::WaitForMore() {
  const bool has_room = mailbox_->HasRoom();
  if (has_room) wire_.ReadAhead(kReadBytes, std::stop_source(std::nostopstate));
  const std::size_t before = wire_.input().size();
  co_await wire_.gate().Wait(heard_ + (has_pinged_ ? 2 : 1) * parts_.limits.ping_interval);
  // A client that is kept waiting by a slow handler is not silent.
  if (!has_room || wire_.input().size() != before) {
    heard_ = Clock::now();
    has_pinged_ = false;
  }
}

Awaitable<void> Session::Talk() {
  for (;;) {
    bool goes_on = co_await TakeInput();
    if (goes_on) goes_on = co_await SendWaiting();
    if (goes_on) goes_on = co_await KeepAlive();
    if (!goes_on || wire_.peer_gone()) co_return;
    co_await WaitForMore();
  }
}

Awaitable<void> Session::Run(std::string response, std::function<void(WebSocket&)> call) {
  const std::array<asio::const_buffer, 3> buffers{asio::buffer(response)};
  const bool accepted = co_await wire_.Write(buffers, rate_, parts_.limits.write_stall);
  if (!accepted) co_return;
  // When the workers have no room, the task is dropped, and the mailbox holds its farewell.
  static_cast<void>(parts_.workers.Submit(
      Context::Background(), HandlerRun(std::move(call), mailbox_), WorkerPool::WhenFull::kRefuse));
  co_await Talk();
  mailbox_->End(Unavailable("the WebSocket's client has gone"));
  while (!mailbox_->is_handler_done()) co_await wire_.gate().Wait();
}

}  // namespace

Awaitable<void> ServeWebSocket(Wire& wire, const HttpConnectionParts& parts, std::string response,
                               std::function<void(WebSocket&)> call) {
  Session session(wire, parts);
  co_await session.Run(std::move(response), std::move(call));
}

}  // namespace weir::net
