#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <vector>

namespace weir::net {

class IoThread;

/// A few threads that wait for sockets. A connection lives on one of them for good, so its state
/// needs no lock.
///
/// Thread-safe. Made first and stopped last in server/wiring.cc: whatever may still wake a
/// connection (worker pool, watchers) must have ended before.
class IoThreads {
 public:
  explicit IoThreads(std::size_t count);
  ~IoThreads();  ///< stops
  IoThreads(const IoThreads&) = delete;
  IoThreads& operator=(const IoThreads&) = delete;

  /// Returns once every connection has ended and the threads are joined. Servers are stopped
  /// before.
  void Stop();

  std::size_t size() const { return threads_.size(); }
  IoThread& at(std::size_t index) { return *threads_[index]; }

 private:
  std::vector<std::unique_ptr<IoThread>> threads_;
};

}  // namespace weir::net
