#pragma once

#include <atomic>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "base/testing/temp_dir.h"

namespace weir::control {

/// Stands between a PostgreSQL client and its server, and cuts the connection around a COMMIT, so
/// that the client cannot know whether it happened.
class CuttingProxy {
 public:
  enum class Cut {
    kNothing,
    kBeforeCommit,  ///< the server never hears it
    kAfterCommit,   ///< the server does it, the client never hears so
  };

  /// `server`: the directory of the server's socket.
  explicit CuttingProxy(const std::filesystem::path& server);
  ~CuttingProxy();

  /// How to connect through it.
  std::string conninfo() const;

  /// What happens to the next COMMIT.
  void CutNext(Cut cut) { cut_ = cut; }
  /// From now on nobody gets through, or everybody again.
  void Close(bool closed) { closed_ = closed; }

 private:
  void Accept(const std::stop_token& stop);
  void Forward(const std::stop_token& stop, int client);

  const std::filesystem::path server_;
  const TempDir dir_;
  int listener_;
  std::atomic<Cut> cut_ = Cut::kNothing;
  std::atomic<bool> closed_ = false;
  std::vector<std::jthread> forwarders_;
  std::jthread acceptor_;
};

}  // namespace weir::control
