#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/log.h"
#include "base/worker_pool.h"
#include "net/http_server.h"
#include "net/testing/raw_client.h"

namespace weir::net {

/// A service made of functions, one for each path.
class FakeService : public HttpService {
 public:
  using Handler = std::function<HttpResponse(HttpRequest)>;

  /// `handler` answers requests for `path` on a worker; a cheap one on the I/O thread.
  void On(std::string path, Handler handler) { handlers_[std::move(path)] = std::move(handler); }
  void OnCheap(std::string path, Handler handler) {
    cheap_[path] = true;
    On(std::move(path), std::move(handler));
  }

  bool IsCheap(const RequestHead& head) const override;
  HttpResponse Answer(HttpRequest request) override;
  HttpResponse Refuse(const Refusal& refusal, const Peer& peer) override;

 private:
  std::map<std::string, Handler, std::less<>> handlers_;
  std::map<std::string, bool, std::less<>> cheap_;
};

/// A server of a FakeService on a port of its own, with threads of its own.
class Served {
 public:
  explicit Served(HttpServer::Options options = {}, WorkerPool::Options pool = {});
  ~Served();

  FakeService& service() { return service_; }
  HttpServer& server() { return *server_; }
  WorkerPool& workers() { return workers_; }
  Address address() const { return server_->addresses().front(); }
  RawClient Connect() const { return RawClient(address()); }

 private:
  std::unique_ptr<Logger> log_ = Logger::Silent();
  IoThreads io_threads_{2};
  WorkerPool workers_;
  FakeService service_;
  std::unique_ptr<HttpServer> server_;
};

/// A short text as an answer.
HttpResponse Text(std::string body, int status = 200);

}  // namespace weir::net
