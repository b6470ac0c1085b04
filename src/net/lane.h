#pragma once

#include <condition_variable>
#include <mutex>
#include <unordered_set>

#include "base/guarded_by.h"
#include "net/connection_room.h"
#include "net/http_connection.h"
#include "net/server_tls.h"

namespace weir::net {

/// The connections of one server on one I/O thread. Only for sources of net/.
class Lane {
 public:
  Lane(IoThread& thread, HttpConnectionParts parts, ConnectionRoom& room)
      : thread_(thread), parts_(parts), room_(room) {}

  /// Serves `accepted`, for which room has been taken. Any thread.
  void Add(Accepted accepted, std::shared_ptr<ServerTls::Pair> tls);

  /// Asks every connection to end when it is idle. Any thread.
  void Drain();
  /// Ends every connection. Any thread.
  void Close();

  std::size_t size() const;
  /// Waits until no connection is left; false when `until` came first.
  bool WaitUntilEmpty(std::chrono::steady_clock::time_point until);

 private:
  Awaitable<void> Serve(Accepted accepted, std::shared_ptr<ServerTls::Pair> tls);

  IoThread& thread_;
  const HttpConnectionParts parts_;
  ConnectionRoom& room_;
  std::unordered_set<HttpConnection*> connections_;  // on the thread only
  bool is_closed_ = false;                           // on the thread only

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t size_ WEIR_GUARDED_BY(mutex_) = 0;
};

}  // namespace weir::net
