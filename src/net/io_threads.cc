#include "net/io_threads.h"

#include <pthread.h>

#include "base/check.h"
#include "net/io_thread.h"

namespace weir::net {

IoThread::IoThread() {
  thread_ = std::thread([this] {
    pthread_setname_np(pthread_self(), "weir-io");
    context_.run();
  });
}

IoThread::~IoThread() { Stop(); }

void IoThread::Stop() {
  work_.reset();
  if (thread_.joinable()) thread_.join();
}

IoThreads::IoThreads(std::size_t count) {
  WEIR_CHECK(count > 0);
  for (std::size_t i = 0; i < count; ++i) threads_.push_back(std::make_unique<IoThread>());
}

IoThreads::~IoThreads() { Stop(); }

void IoThreads::Stop() {
  for (const auto& thread : threads_) thread->Stop();
}

}  // namespace weir::net
