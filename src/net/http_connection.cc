#include "net/http_connection.h"

#include <boost/asio/ssl/stream_base.hpp>

#include "net/answer.h"
#include "net/body_receiver.h"
#include "net/web_socket_handshake.h"
#include "net/web_socket_session.h"

namespace weir::net {
namespace {

constexpr std::size_t kReadBytes = 4 << 10;

}  // namespace

Awaitable<void> HttpConnection::Run(asio::ssl::context* tls) {
  if (tls != nullptr && !co_await Handshake(*tls)) co_return;
  while (!parts_.draining.load(std::memory_order_relaxed)) {
    const bool came = co_await ReadHead();
    if (!came) break;
    const Written written = co_await Exchange();
    if (written == Written::kBroken) co_return wire_->Close(true);
    if (written == Written::kLast) break;
  }
  co_await wire_->SayGoodBye(has_unread_input_);
  wire_->Close(false);
}

void HttpConnection::Drain() {
  if (is_idle_) {
    wire_->Interrupt();
  } else {
    wire_->gate().Open();
  }
}

Awaitable<bool> HttpConnection::Handshake(asio::ssl::context& context) {
  EdgeStream::Tls& stream = wire_->stream().AddTls(context);
  wire_->alarm().Set(parts_.limits.handshake_timeout);
  const auto [failed] =
      co_await wire_->Call(stream.async_handshake(asio::ssl::stream_base::server, kAwait));
  wire_->alarm().Clear();
  peer_.has_tls = true;
  co_return !failed;
}

// False when there will be no request: the client has gone, or was refused.
Awaitable<bool> HttpConnection::ReadHead() {
  InputBuffer& input = wire_->input();
  std::size_t end = 0;
  wire_->alarm().Set(parts_.limits.idle_timeout);
  for (bool begun = false;;) {
    if (!begun && !input.empty()) {
      begun = true;
      wire_->alarm().Set(parts_.limits.head_timeout);
    }
    std::optional<Refusal> refusal = FindHeadEnd(input.data(), end);
    if (!refusal && end == 0 && input.size() < parts_.limits.max_head_bytes) {
      is_idle_ = !begun;
      const bool came = co_await wire_->Fill(kReadBytes);
      is_idle_ = false;
      if (came) continue;
      if (!begun || !wire_->expired()) co_return false;
      refusal = Refusal{408, Deadline("the request line and fields took too long to arrive")};
    }
    wire_->alarm().Clear();
    if (!refusal && (end == 0 || end > parts_.limits.max_head_bytes)) {
      refusal = Refusal{431, Exhausted("the request line and fields are larger than {} bytes",
                                       parts_.limits.max_head_bytes)};
    }
    if (!refusal) {
      head_text_.assign(input.data().substr(0, end));
      input.Consume(end);
      refusal = ParseRequestHead(head_text_, parts_.limits.max_fields, head_);
    }
    if (!refusal) co_return true;
    co_await Refuse(std::move(*refusal));
    co_return false;
  }
}

Awaitable<void> HttpConnection::Refuse(Refusal refusal) {
  has_unread_input_ = true;
  HttpResponse response = parts_.service.Refuse(refusal, peer_);
  const ReplyShape shape{.keep_alive = false};
  const std::stop_source nobody{std::nostopstate};
  co_await WriteResponse(*wire_, parts_, response, shape, nobody);
}

bool HttpConnection::MayContinue() const {
  return head_.keep_alive && requests_ < parts_.limits.max_requests_per_connection &&
         !parts_.draining.load(std::memory_order_relaxed);
}

Awaitable<Written> HttpConnection::Exchange() {
  ++requests_;
  HttpResponse response;
  std::stop_source cancel{std::nostopstate};
  if (!head_.has_body() && parts_.service.IsCheap(head_)) {
    response = AnswerNow(parts_.service, {head_, peer_});
  } else {
    cancel = std::stop_source();
    BodyReceiver receiver(*wire_, parts_.limits, head_);
    PendingAnswer answer(parts_.service, head_, peer_, cancel, wire_->Waker());
    const std::optional<Refusal> refusal = co_await receiver.ReceiveFor(answer, parts_.workers);
    response = refusal ? parts_.service.Refuse(*refusal, peer_) : answer.Take();
    has_unread_input_ = !receiver.ended();
  }
  if (auto* call = std::get_if<HttpResponse::WebSocketCall>(&response.body)) {
    WebSocketUpgrade upgrade = AnswerUpgrade(head_);
    if (!upgrade.refusal) {
      const std::unique_ptr<SentObserver> observer = std::move(response.observer);
      co_await ServeWebSocket(*wire_, parts_, std::move(upgrade.response), std::move(*call));
      if (observer != nullptr) observer->Sent(101, 0, true);
      co_return Written::kLast;  // nothing of HTTP follows
    }
    response = parts_.service.Refuse(*upgrade.refusal, peer_);
  }
  const ReplyShape shape{.head_only = head_.method == "HEAD",
                         .minor_version = head_.minor_version,
                         .keep_alive = MayContinue() && !has_unread_input_ && !response.close};
  co_return co_await WriteResponse(*wire_, parts_, response, shape, cancel);
}

}  // namespace weir::net
