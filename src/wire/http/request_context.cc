#include "wire/http/request_context.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace weir::http {
namespace {

constexpr std::size_t kLongestId = 64;

// What is safe to repeat in a log line, a header and a file name.
bool IsSaneId(std::string_view id) {
  return !id.empty() && id.size() <= kLongestId && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '_' || c == '.';
  });
}

TraceContext TraceOf(std::optional<std::string_view> traceparent, const Uuid& id) {
  TraceContext trace;
  if (traceparent) trace = TraceContext::Parse(*traceparent).value_or(TraceContext{});
  if (trace.ToHeader().empty()) trace.trace_id = id.bytes;
  // The last eight bytes of our id are random: they name the span.
  std::copy(id.bytes.end() - 8, id.bytes.end(), trace.parent_id.begin());
  return trace;
}

Result<std::chrono::nanoseconds> TimeoutOf(const net::RequestHead& head,
                                           const HttpDoorOptions& options) {
  const auto text = head.Get("request-timeout");
  if (!text) return std::chrono::nanoseconds(options.default_timeout);
  double seconds = 0;
  const auto [end, error] =
      std::from_chars(text->data(), text->data() + text->size(), seconds, std::chars_format::fixed);
  if (error != std::errc() || end != text->data() + text->size() || !(seconds > 0) ||
      !std::isfinite(seconds)) {
    return Invalid("Request-Timeout is no number of seconds above zero");
  }
  const double longest = std::chrono::duration<double>(options.max_timeout).count();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
      std::chrono::duration<double>(std::min(seconds, longest)));
}

}  // namespace

Result<Context> ContextOf(const net::HttpRequest& request, UuidMaker& ids,
                          const HttpDoorOptions& options) {
  ASSIGN_OR_RETURN(const std::chrono::nanoseconds timeout, TimeoutOf(request.head, options));
  const Uuid id = ids.Next();
  const auto given = request.head.Get("x-request-id");
  return Context()
      .WithRequestId(given && IsSaneId(*given) ? std::string(*given) : id.ToString())
      .WithTrace(TraceOf(request.head.Get("traceparent"), id))
      .WithTimeout(timeout)
      .WithCancel(request.cancelled);
}

Context ContextOfRefusal(UuidMaker& ids) { return Context().WithRequestId(ids.Next().ToString()); }

}  // namespace weir::http
