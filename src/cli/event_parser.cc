#include "cli/event_parser.h"

#include <utility>

namespace weir::cli {

// A line ends with LF, CR or CRLF. A CR at the end of what has come may still get its LF.
bool EventParser::TakeLine(std::string& line) {
  const std::size_t end = text_.find_first_of("\r\n");
  if (end == std::string::npos) return false;
  std::size_t next = end + 1;
  if (text_[end] == '\r') {
    if (next == text_.size()) return false;
    if (text_[next] == '\n') ++next;
  }
  line = text_.substr(0, end);
  text_.erase(0, next);
  return true;
}

void EventParser::TakeField(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == 0) return;  // a comment: the heartbeat
  const std::string_view name = line.substr(0, colon);
  std::string_view value = colon == std::string_view::npos ? "" : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (name == "event") {
    event_.type = value;
  } else if (name == "id") {
    event_.id = value;
  } else if (name == "data") {
    if (has_data_) event_.data += '\n';
    event_.data += value;
    has_data_ = true;
  }
}

std::optional<api::Event> EventParser::Take() {
  std::string line;
  while (TakeLine(line)) {
    if (!line.empty()) {
      TakeField(line);
      continue;
    }
    const bool whole = has_data_;
    has_data_ = false;
    api::Event event = std::exchange(event_, {});
    if (whole) return event;
  }
  return std::nullopt;
}

}  // namespace weir::cli
