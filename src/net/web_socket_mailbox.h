#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>

#include "base/guarded_by.h"
#include "net/web_socket.h"

namespace weir::net {

/// What a WebSocket's handler, on a worker, and its connection, on an I/O thread, leave for each
/// other. A few messages each way; who brings more waits. Thread-safe.
class WebSocketMailbox final : public WebSocket {
 public:
  struct Farewell {
    std::uint16_t code = 1000;
    std::string reason = {};
  };

  /// `wake` tells the I/O thread to look again.
  explicit WebSocketMailbox(std::function<void()> wake) : wake_(std::move(wake)) {}

  // The handler's side.
  Status Send(const Context& context, Message message) override;
  Result<std::optional<Message>> Receive(const Context& context) override;
  void Close(std::uint16_t code, std::string reason) override;
  void HandlerIsDone();  ///< the last call of that side

  // The I/O thread's side.
  bool HasRoom() const;           ///< for another message from the client
  void Deliver(Message message);  ///< from the client
  void End(Status how);           ///< no more will come, and none will be sent
  std::optional<Message> Next();  ///< for the client
  bool is_handler_done() const;
  /// How the handler wants to end, once all it sent has been taken.
  std::optional<Farewell> GetFarewell() const;

 private:
  const std::function<void()> wake_;

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Message> from_client_ WEIR_GUARDED_BY(mutex_);
  std::deque<Message> to_client_ WEIR_GUARDED_BY(mutex_);
  std::optional<Farewell> farewell_ WEIR_GUARDED_BY(mutex_);
  std::optional<Status> ended_ WEIR_GUARDED_BY(mutex_);
  bool handler_done_ WEIR_GUARDED_BY(mutex_) = false;
};

}  // namespace weir::net
