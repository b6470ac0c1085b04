#include "base/context.h"

#include <algorithm>
#include <charconv>

namespace weir {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

template <std::size_t N>
void AppendHex(std::string& out, const std::array<std::uint8_t, N>& bytes) {
  for (const std::uint8_t byte : bytes) {
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
}

// Lower-case hex only, as the standard asks.
template <std::size_t N>
bool ParseHex(std::string_view text, std::array<std::uint8_t, N>& out) {
  for (std::size_t i = 0; i < N; ++i) {
    const auto high = kDigits.find(text[2 * i]);
    const auto low = kDigits.find(text[2 * i + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) return false;
    out[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  return true;
}

template <std::size_t N>
bool IsZero(const std::array<std::uint8_t, N>& bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

}  // namespace

std::string TraceContext::ToHeader() const {
  if (IsZero(trace_id)) return {};
  std::string header = "00-";
  AppendHex(header, trace_id);
  header += '-';
  AppendHex(header, parent_id);
  header += sampled ? "-01" : "-00";
  return header;
}

std::optional<TraceContext> TraceContext::Parse(std::string_view text) {
  constexpr std::size_t kLength = 55;  // of version 00; later versions may append "-..."
  if (text.size() < kLength || text[2] != '-' || text[35] != '-' || text[52] != '-') return {};
  std::array<std::uint8_t, 1> version{};
  std::array<std::uint8_t, 1> flags{};
  TraceContext trace;
  if (!ParseHex(text.substr(0, 2), version) || version[0] == 0xff) return {};
  if (text.size() > kLength && (version[0] == 0 || text[kLength] != '-')) return {};
  if (!ParseHex(text.substr(3, 32), trace.trace_id) || IsZero(trace.trace_id)) return {};
  if (!ParseHex(text.substr(36, 16), trace.parent_id) || IsZero(trace.parent_id)) return {};
  if (!ParseHex(text.substr(53, 2), flags)) return {};
  trace.sampled = (flags[0] & 1) != 0;
  return trace;
}

Context Context::Background() {
  Context context;
  context.principal_.name = "system";
  return context;
}

Context Context::WithDeadline(SteadyTime deadline) const {
  Context copy = *this;
  copy.deadline_ = deadline_ ? std::min(*deadline_, deadline) : deadline;
  return copy;
}

Context Context::WithTimeout(std::chrono::nanoseconds timeout) const {
  return WithDeadline(std::chrono::steady_clock::now() + timeout);
}

Context Context::WithPrincipal(Principal principal) const {
  Context copy = *this;
  copy.principal_ = std::move(principal);
  return copy;
}

Context Context::WithCancel(std::stop_token token) const {
  Context copy = *this;
  copy.cancel_ = std::move(token);
  return copy;
}

Context Context::WithRequestId(std::string request_id) const {
  Context copy = *this;
  copy.request_id_ = std::move(request_id);
  return copy;
}

Context Context::WithTrace(TraceContext trace) const {
  Context copy = *this;
  copy.trace_ = trace;
  return copy;
}

Status Context::Check() const {
  if (cancel_.stop_requested()) return Cancelled("the caller gave up");
  if (deadline_ && std::chrono::steady_clock::now() >= *deadline_) {
    return Deadline("the work took longer than allowed");
  }
  return Ok();
}

std::chrono::nanoseconds Context::Remaining(std::chrono::nanoseconds cap) const {
  if (!deadline_) return cap;
  const auto left = std::chrono::duration_cast<std::chrono::nanoseconds>(
      *deadline_ - std::chrono::steady_clock::now());
  return std::clamp(left, std::chrono::nanoseconds{0}, cap);
}

}  // namespace weir
