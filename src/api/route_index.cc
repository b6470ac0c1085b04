#include "api/route_index.h"

#include <algorithm>

#include "api/utf8.h"

namespace weir::api {
namespace {

std::vector<std::string> SegmentsOf(std::string_view path) {
  std::vector<std::string> segments;
  path.remove_prefix(path.starts_with('/') ? 1 : 0);
  for (;;) {
    const std::size_t slash = path.find('/');
    segments.emplace_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return segments;
    path.remove_prefix(slash + 1);
  }
}

bool Captures(std::string_view segment) { return segment.starts_with('{'); }

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// What the braces of `pattern` hold when `segments` fit it.
std::optional<std::vector<std::pair<std::string, std::string>>> Fit(
    const std::vector<std::string>& pattern, const std::vector<std::string>& segments) {
  if (pattern.size() != segments.size()) return std::nullopt;
  std::vector<std::pair<std::string, std::string>> captures;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const auto decoded = PercentDecode(segments[i]);
    if (!decoded || decoded->empty()) return std::nullopt;
    if (!Captures(pattern[i])) {
      if (pattern[i] != *decoded) return std::nullopt;
      continue;
    }
    captures.emplace_back(pattern[i].substr(1, pattern[i].size() - 2), *decoded);
  }
  return captures;
}

}  // namespace

std::optional<std::string> PercentDecode(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const int high = HexDigit(text[i + 1]);
    const int low = HexDigit(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  if (!IsUtf8(decoded)) return std::nullopt;
  return decoded;
}

RouteIndex::RouteIndex(const std::vector<Route>& routes) {
  for (const Route& route : routes) {
    if (route.path.find('{') == std::string::npos) {
      literal_[route.path].push_back(&route);
      continue;
    }
    const auto segments = SegmentsOf(route.path);
    const auto known =
        std::find_if(templates_.begin(), templates_.end(),
                     [&](const Template& candidate) { return candidate.segments == segments; });
    if (known != templates_.end()) {
      known->routes.push_back(&route);
    } else {
      templates_.push_back({segments, {&route}});
    }
  }
}

RouteIndex::Match RouteIndex::Find(std::string_view path) const {
  if (const auto found = literal_.find(path); found != literal_.end()) return {found->second, {}};
  const auto segments = SegmentsOf(path);
  for (const Template& candidate : templates_) {
    if (auto captures = Fit(candidate.segments, segments)) {
      return {candidate.routes, std::move(*captures)};
    }
  }
  return {};
}

}  // namespace weir::api
