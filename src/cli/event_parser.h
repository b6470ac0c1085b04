#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/response.h"

namespace weir::cli {

/// Takes a text/event-stream apart (WHATWG HTML, "Interpreting an event stream").
class EventParser {
 public:
  void Add(std::string_view bytes) { text_ += bytes; }

  /// The next whole event; nullopt until its empty line has come.
  std::optional<api::Event> Take();

  /// What has come and is no whole event yet, for a bound on it.
  std::size_t waiting() const { return text_.size() + event_.data.size(); }

 private:
  bool TakeLine(std::string& line);
  void TakeField(std::string_view line);

  std::string text_;
  api::Event event_;
  bool has_data_ = false;
};

}  // namespace weir::cli
