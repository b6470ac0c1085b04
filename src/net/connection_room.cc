#include "net/connection_room.h"

namespace weir::net {

bool ConnectionRoom::Enter(const std::string& host) {
  const std::lock_guard lock(mutex_);
  if (open_ >= limits_.max_connections) return false;
  std::size_t& of_host = by_host_[host];
  if (of_host >= limits_.max_connections_per_peer) return false;
  ++of_host;
  ++open_;
  return true;
}

void ConnectionRoom::Leave(const std::string& host) {
  const std::lock_guard lock(mutex_);
  --open_;
  const auto of_host = by_host_.find(host);
  if (--of_host->second == 0) by_host_.erase(of_host);
}

std::size_t ConnectionRoom::open() const {
  const std::lock_guard lock(mutex_);
  return open_;
}

}  // namespace weir::net
