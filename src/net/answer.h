#pragma once

#include <memory>
#include <stop_token>

#include "base/worker_pool.h"
#include "net/http_service.h"

namespace weir::net {

/// What `service` answers at once, on this thread. An exception becomes a refusal with status 500.
HttpResponse AnswerNow(HttpService& service, HttpRequest request);

/// An answer that a worker is working out. It must be ready, or never started, before it goes: the
/// worker looks at the head and the peer.
class PendingAnswer {
 public:
  /// `wake` is called, from the worker, when the answer is ready.
  PendingAnswer(HttpService& service, const RequestHead& head, const Peer& peer,
                std::stop_source cancel, std::function<void()> wake);

  /// Hands the request to `workers`; kExhausted or kUnavailable when they take no more.
  Status Start(WorkerPool& workers, std::unique_ptr<ByteSource> body);

  bool started() const { return started_; }
  bool ready() const;
  const std::stop_source& cancel() const { return cancel_; }
  HttpResponse Take();  ///< when ready

 private:
  struct Shared;
  class Work;

  HttpService& service_;
  const RequestHead& head_;
  const Peer& peer_;
  const std::stop_source cancel_;
  const std::shared_ptr<Shared> shared_;
  bool started_ = false;
};

}  // namespace weir::net
