#pragma once

#include <memory>
#include <optional>

#include "net/answer.h"
#include "net/body_pipe.h"
#include "net/chunked.h"
#include "net/wire.h"

namespace weir::net {

/// Receives one request's body while the request is answered.
///
/// A body that fits the pipe is waited for before a worker is asked, so a slow client holds none;
/// a larger one streams. With "Expect: 100-continue" the handler is asked first, and the client is
/// told to go on when the handler reads. Belongs to the wire's I/O thread. Only for sources of
/// net/.
class BodyReceiver {
 public:
  BodyReceiver(Wire& wire, const HttpLimits& limits, const RequestHead& head);

  /// Starts `answer` on `workers` and returns when it is ready, or with a refusal: there was
  /// something wrong with the body (what the handler made of it does not matter then), or there was
  /// no room for the request. Either way no worker looks at the request any more.
  Awaitable<std::optional<Refusal>> ReceiveFor(PendingAnswer& answer, WorkerPool& workers);

  /// Whether all of the body has come, so that the next request can follow.
  bool ended() const { return ended_; }

 private:
  void Pump();
  void TakeInput();
  void Fail(Refusal refusal);
  bool StartWhenDue(PendingAnswer& answer, WorkerPool& workers);
  Awaitable<void> WaitForMore(PendingAnswer& answer);
  Awaitable<void> SendContinue();

  Wire& wire_;
  const HttpLimits& limits_;
  const RequestHead& head_;
  std::shared_ptr<BodyPipe> pipe_;  // null: no body
  ChunkedDecoder chunks_;
  std::uint64_t received_ = 0;
  bool ended_ = false;
  bool continued_ = false;
  std::optional<Refusal> refusal_;
  RateGuard rate_;
  bool is_timing_ = false;
};

}  // namespace weir::net
