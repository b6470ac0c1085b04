#include "net/web_socket_mailbox.h"

#include <utility>

namespace weir::net {
namespace {

constexpr std::size_t kMostMessages = 16;
constexpr std::chrono::hours kForever{24 * 365};

}  // namespace

Status WebSocketMailbox::Send(const Context& context, Message message) {
  {
    std::unique_lock lock(mutex_);
    const bool can = changed_.wait_for(
        lock, context.cancel_token(), context.Remaining(kForever),
        [this] { return to_client_.size() < kMostMessages || ended_ || farewell_; });
    if (ended_ || farewell_) return Unavailable("send a message: the WebSocket is closed");
    if (!can) return context.Check();
    to_client_.push_back(std::move(message));
  }
  wake_();
  return Ok();
}

Result<std::optional<WebSocket::Message>> WebSocketMailbox::Receive(const Context& context) {
  std::optional<Message> message;
  {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, context.cancel_token(), context.Remaining(kForever),
                      [this] { return !from_client_.empty() || ended_; });
    if (from_client_.empty()) {
      if (!ended_) return context.Check().error();
      if (!*ended_) return ended_->error();
      return message;
    }
    message = std::move(from_client_.front());
    from_client_.pop_front();
  }
  wake_();
  return message;
}

void WebSocketMailbox::Close(std::uint16_t code, std::string reason) {
  {
    const std::lock_guard lock(mutex_);
    if (!farewell_) farewell_ = Farewell{code, std::move(reason)};
    changed_.notify_all();
  }
  wake_();
}

void WebSocketMailbox::HandlerIsDone() {
  {
    const std::lock_guard lock(mutex_);
    handler_done_ = true;
  }
  wake_();
}

bool WebSocketMailbox::is_handler_done() const {
  const std::lock_guard lock(mutex_);
  return handler_done_;
}

bool WebSocketMailbox::HasRoom() const {
  const std::lock_guard lock(mutex_);
  return from_client_.size() < kMostMessages;
}

void WebSocketMailbox::Deliver(Message message) {
  const std::lock_guard lock(mutex_);
  from_client_.push_back(std::move(message));
  changed_.notify_all();
}

void WebSocketMailbox::End(Status how) {
  const std::lock_guard lock(mutex_);
  if (!ended_) ended_ = std::move(how);
  changed_.notify_all();
}

std::optional<WebSocket::Message> WebSocketMailbox::Next() {
  const std::lock_guard lock(mutex_);
  if (to_client_.empty()) return std::nullopt;
  std::optional<Message> message = std::move(to_client_.front());
  to_client_.pop_front();
  changed_.notify_all();
  return message;
}

std::optional<WebSocketMailbox::Farewell> WebSocketMailbox::GetFarewell() const {
  const std::lock_guard lock(mutex_);
  if (!to_client_.empty()) return std::nullopt;
  return farewell_;
}

}  // namespace weir::net
