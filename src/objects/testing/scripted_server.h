#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <thread>

namespace weir::objects {

/// An HTTP server that says what the test wants, one request at a time: for answers that a real
/// server gives only on a bad day.
class ScriptedServer {
 public:
  /// The whole answer, status line first, to the request number `index` (from 0); nullopt answers
  /// nothing, and holds the connection open until the server goes.
  using Script = std::function<std::optional<std::string>(int index, const std::string& request)>;

  explicit ScriptedServer(Script script);
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  std::string endpoint() const;  ///< http://127.0.0.1:PORT
  int requests() const { return requests_; }

 private:
  void Serve(const std::stop_token& stop);

  const Script script_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<int> requests_ = 0;
  std::jthread thread_;
};

}  // namespace weir::objects
