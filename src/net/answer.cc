#include "net/answer.h"

#include <atomic>
#include <exception>
#include <utility>

namespace weir::net {

HttpResponse AnswerNow(HttpService& service, HttpRequest request) {
  const Peer& peer = request.peer;
  try {
    return service.Answer(std::move(request));
  } catch (const std::exception& exception) {
    return service.Refuse({500, Internal("the handler failed: {}", exception.what())}, peer);
  } catch (...) {
    return service.Refuse({500, Internal("the handler failed")}, peer);
  }
}

struct PendingAnswer::Shared {
  std::function<void()> wake;
  HttpResponse response = {};
  bool dropped = false;
  std::atomic<bool> ready = false;
};

// The task for the pool. When the pool drops it unrun, the client still gets an answer.
class PendingAnswer::Work {
 public:
  Work(PendingAnswer& answer, std::unique_ptr<ByteSource> body)
      : service_(answer.service_),
        request_{answer.head_, answer.peer_, std::move(body), answer.cancel_.get_token()},
        shared_(answer.shared_) {}
  Work(Work&&) = default;

  ~Work() {
    if (shared_ == nullptr) return;
    shared_->dropped = true;
    Finish({});
  }

  void operator()() { Finish(AnswerNow(service_, std::move(request_))); }

 private:
  void Finish(HttpResponse response) {
    const auto shared = std::exchange(shared_, nullptr);
    shared->response = std::move(response);
    // The connection may be gone as soon as it sees this.
    const std::function<void()> wake = shared->wake;
    shared->ready.store(true, std::memory_order_release);
    wake();
  }

  HttpService& service_;
  HttpRequest request_;
  std::shared_ptr<Shared> shared_;
};

PendingAnswer::PendingAnswer(HttpService& service, const RequestHead& head, const Peer& peer,
                             std::stop_source cancel, std::function<void()> wake)
    : service_(service),
      head_(head),
      peer_(peer),
      cancel_(std::move(cancel)),
      shared_(std::make_shared<Shared>()) {
  shared_->wake = std::move(wake);
}

Status PendingAnswer::Start(WorkerPool& workers, std::unique_ptr<ByteSource> body) {
  Status taken = workers.Submit(Context::Background(), Work(*this, std::move(body)),
                                WorkerPool::WhenFull::kRefuse);
  started_ = taken.has_value();
  return taken;
}

bool PendingAnswer::ready() const { return shared_->ready.load(std::memory_order_acquire); }

HttpResponse PendingAnswer::Take() {
  if (!shared_->dropped) return std::move(shared_->response);
  return service_.Refuse({503, Unavailable("the server is stopping")}, peer_);
}

}  // namespace weir::net
