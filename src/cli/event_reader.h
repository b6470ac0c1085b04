#pragma once

#include <memory>
#include <optional>

#include "api/response.h"
#include "base/context.h"
#include "base/result.h"

namespace weir::cli {

/// The events of a watch, one after the other, whichever way the answer came.
class EventReader {
 public:
  virtual ~EventReader() = default;

  /// The next event; nullopt when the other side has ended the stream. kDeadline when `context`
  /// says that it is time.
  virtual Result<std::optional<api::Event>> Next(const Context& context) = 0;
};

/// Reads the body of `response`: an EventSource of this process, or text/event-stream.
Result<std::unique_ptr<EventReader>> ReadEvents(api::Response response);

}  // namespace weir::cli
