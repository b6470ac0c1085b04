#include "wire/http/content_coding.h"

#include <algorithm>
#include <array>

#include "net/http_fields.h"

namespace weir::http {
namespace {

using net::EqualsIgnoringCase;

std::string_view Trim(std::string_view text) {
  const std::size_t start = text.find_first_not_of(" \t");
  if (start == std::string_view::npos) return {};
  return text.substr(start, text.find_last_not_of(" \t") - start + 1);
}

// "q=0.5" -> 500, "q=1" -> 1000; nullopt when it is no weight.
std::optional<int> ParseWeight(std::string_view text) {
  if (text.size() < 3 || (text[0] != 'q' && text[0] != 'Q') || text[1] != '=') return std::nullopt;
  text.remove_prefix(2);
  if (text[0] != '0' && text[0] != '1') return std::nullopt;
  int weight = (text[0] - '0') * 1000;
  text.remove_prefix(1);
  if (text.empty()) return weight;
  if (text[0] != '.' || text.size() > 4) return std::nullopt;
  text.remove_prefix(1);
  for (int place = 100; !text.empty(); place /= 10, text.remove_prefix(1)) {
    if (text[0] < '0' || text[0] > '9') return std::nullopt;
    weight += (text[0] - '0') * place;
  }
  return std::min(weight, 1000);
}

// What a client thinks of each coding; -1: not named.
struct Weights {
  int gzip = -1;
  int zstd = -1;
  int any = -1;

  int Of(int named) const { return named >= 0 ? named : std::max(any, 0); }
};

Weights ParseWeights(std::string_view list) {
  Weights weights;
  while (!list.empty()) {
    const std::string_view item = list.substr(0, list.find(','));
    list.remove_prefix(std::min(list.size(), item.size() + 1));
    const std::size_t semicolon = item.find(';');
    const std::string_view name = Trim(item.substr(0, semicolon));
    int weight = 1000;
    if (semicolon != std::string_view::npos) {
      weight = ParseWeight(Trim(item.substr(semicolon + 1))).value_or(0);
    }
    if (EqualsIgnoringCase(name, "gzip") || EqualsIgnoringCase(name, "x-gzip")) {
      weights.gzip = weight;
    } else if (EqualsIgnoringCase(name, "zstd")) {
      weights.zstd = weight;
    } else if (name == "*") {
      weights.any = weight;
    }
  }
  return weights;
}

constexpr std::array<std::string_view, 8> kPackable = {
    "application/json",         "application/yaml",
    "application/x-ndjson",     "application/javascript",
    "application/openapi+json", "application/xml",
    "application/wasm",         "image/svg+xml"};

}  // namespace

std::string_view NameOf(Coding coding) {
  switch (coding) {
    case Coding::kGzip:
      return "gzip";
    case Coding::kZstd:
      return "zstd";
    case Coding::kIdentity:
      break;
  }
  return "identity";
}

std::optional<Coding> ParseCoding(std::string_view content_encoding) {
  const std::string_view name = Trim(content_encoding);
  if (name.empty() || EqualsIgnoringCase(name, "identity")) return Coding::kIdentity;
  if (EqualsIgnoringCase(name, "gzip") || EqualsIgnoringCase(name, "x-gzip")) return Coding::kGzip;
  if (EqualsIgnoringCase(name, "zstd")) return Coding::kZstd;
  return std::nullopt;
}

Coding ChooseCoding(std::string_view accept_encoding) {
  const Weights weights = ParseWeights(accept_encoding);
  const int gzip = weights.Of(weights.gzip);
  const int zstd = weights.Of(weights.zstd);
  if (zstd > 0 && zstd >= gzip) return Coding::kZstd;
  return gzip > 0 ? Coding::kGzip : Coding::kIdentity;
}

bool IsWorthPacking(std::string_view content_type) {
  const std::string_view type = Trim(content_type.substr(0, content_type.find(';')));
  if (type.size() > 5 && EqualsIgnoringCase(type.substr(0, 5), "text/")) {
    return !EqualsIgnoringCase(type, "text/event-stream");
  }
  if (type.ends_with("+json") || type.ends_with("+xml") || type.ends_with("+yaml")) return true;
  return std::any_of(kPackable.begin(), kPackable.end(),
                     [&](std::string_view each) { return EqualsIgnoringCase(each, type); });
}

}  // namespace weir::http
