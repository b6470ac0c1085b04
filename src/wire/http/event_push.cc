#include "wire/http/event_push.h"

#include <utility>

#include "base/json_string.h"

namespace weir::http {
namespace {

void AppendField(std::string& text, std::string_view name, std::string_view value) {
  text += name;
  text += ": ";
  for (const char c : value) {
    if (c != '\r' && c != '\n' && c != '\0') text += c;
  }
  text += '\n';
}

// Each line of `data` is a field of its own; CR, LF and CRLF all end a line.
void AppendData(std::string& text, std::string_view data) {
  for (;;) {
    const std::size_t end = data.find_first_of("\r\n");
    AppendField(text, "data", data.substr(0, end));
    if (end == std::string_view::npos) return;
    const bool is_pair = data.substr(end).starts_with("\r\n");
    data.remove_prefix(end + (is_pair ? 2 : 1));
  }
}

api::Event ErrorEvent(const Error& error) {
  std::string data = "{\"code\":";
  AppendJsonString(data, NameOf(error.code));
  data += ",\"message\":";
  AppendJsonString(data, error.message);
  data += '}';
  return {.type = "error", .data = std::move(data)};
}

class EventPush final : public net::PushSource {
 public:
  explicit EventPush(std::unique_ptr<api::EventSource> events) : events_(std::move(events)) {}

  Pushed Poll() override {
    Result<std::vector<api::Event>> events = events_->Poll();
    if (!events) return {.bytes = RenderEvent(ErrorEvent(events.error())), .ended = true};
    Pushed pushed;
    for (const api::Event& event : *events) pushed.bytes += RenderEvent(event);
    return pushed;
  }

  void OnReady(std::function<void()> ready) override { events_->OnReady(std::move(ready)); }
  std::string_view heartbeat() const override { return ":\n\n"; }
  std::string_view farewell() const override {
    return "event: goodbye\ndata: {\"reason\":\"the server is stopping\"}\n\n";
  }

 private:
  const std::unique_ptr<api::EventSource> events_;
};

}  // namespace

std::string RenderEvent(const api::Event& event) {
  std::string text;
  if (!event.type.empty()) AppendField(text, "event", event.type);
  if (!event.id.empty()) AppendField(text, "id", event.id);
  AppendData(text, event.data);
  text += '\n';
  return text;
}

std::unique_ptr<net::PushSource> PushOf(std::unique_ptr<api::EventSource> events) {
  return std::make_unique<EventPush>(std::move(events));
}

}  // namespace weir::http
