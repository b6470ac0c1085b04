#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "api/headers.h"
#include "base/stream.h"

namespace weir::api {

/// One server-sent event (WHATWG HTML, "Server-sent events").
struct Event {
  std::string type = {};
  std::string id = {};
  std::string data = {};
};

/// Events that keep coming until the client leaves. Same contract as control::Watcher: Poll never
/// waits, `ready` is called when it has something again.
class EventSource {
 public:
  virtual ~EventSource() = default;
  virtual Result<std::vector<Event>> Poll() = 0;  ///< an error ends the stream
  virtual void OnReady(std::function<void()> ready) = 0;
};

/// A response as a value: what the door sends back.
struct Response {
  using Body = std::variant<std::string, std::unique_ptr<ByteSource>, std::unique_ptr<EventSource>>;

  int status = 200;
  Headers headers = {};
  Body body = std::string();
  std::string route = {};  ///< the path template that answered, for the door's log and metrics
};

}  // namespace weir::api
