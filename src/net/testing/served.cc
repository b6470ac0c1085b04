#include "net/testing/served.h"

#include <utility>

namespace weir::net {
namespace {

std::string_view PathOf(const RequestHead& head) {
  return head.target.substr(0, head.target.find('?'));
}

}  // namespace

bool FakeService::IsCheap(const RequestHead& head) const { return cheap_.contains(PathOf(head)); }

HttpResponse FakeService::Answer(HttpRequest request) {
  const auto found = handlers_.find(PathOf(request.head));
  if (found == handlers_.end()) return Text("no such path", 404);
  return found->second(std::move(request));
}

HttpResponse FakeService::Refuse(const Refusal& refusal, const Peer&) {
  return Text(refusal.error.message, refusal.status);
}

Served::Served(HttpServer::Options options, WorkerPool::Options pool)
    : workers_(std::move(pool), *log_) {
  if (options.addresses.empty()) options.addresses = {{.host = "127.0.0.1", .port = 0}};
  server_ = HttpServer::Start(std::move(options), {io_threads_, workers_, service_, *log_}).value();
}

Served::~Served() {
  server_->Stop();
  workers_.Stop(WorkerPool::StopMode::kDrop);
}

HttpResponse Text(std::string body, int status) {
  return {.status = status, .fields = "Content-Type: text/plain\r\n", .body = std::move(body)};
}

}  // namespace weir::net
