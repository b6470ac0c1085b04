#include "wire/http/packing.h"

#include <array>
#include <utility>

#include "net/http_fields.h"
#include "wire/http/packer.h"

namespace weir::http {
namespace {

constexpr std::size_t kPackedAtOnce = 64 << 10;  // about a millisecond
constexpr std::array<Coding, 2> kCodings = {Coding::kGzip, Coding::kZstd};

std::string EndingOf(Coding coding) { return '+' + std::string(NameOf(coding)) + '"'; }

// "\"v1+gzip\", \"v2\"" -> "\"v1\", \"v2\""; the coding of the last ending found.
std::optional<Coding> TakeEndings(std::string& tags) {
  std::optional<Coding> found;
  for (const Coding coding : kCodings) {
    const std::string ending = EndingOf(coding);
    for (std::size_t at = tags.find(ending); at != std::string::npos; at = tags.find(ending, at)) {
      tags.replace(at, ending.size(), "\"");
      found = coding;
    }
  }
  return found;
}

void AddEnding(api::Headers& headers, Coding coding) {
  const auto tag = headers.Get("ETag");
  if (!tag || !tag->ends_with('"')) return;
  std::string packed(tag->substr(0, tag->size() - 1));
  headers.Set("ETag", packed + EndingOf(coding));
}

void AddVary(api::Headers& headers) {
  const auto vary = headers.Get("Vary");
  if (!vary) {
    headers.Set("Vary", "Accept-Encoding");
  } else if (!net::ListHolds(*vary, "accept-encoding") && *vary != "*") {
    headers.Set("Vary", std::string(*vary) + ", Accept-Encoding");
  }
}

bool HasPackableBody(const api::Response& response, std::size_t from_bytes) {
  if (response.status == 204 || response.status == 206 || response.status == 304) return false;
  const auto type = response.headers.Get("Content-Type");
  if (!type || !IsWorthPacking(*type)) return false;
  const auto cache = response.headers.Get("Cache-Control");
  if (cache && net::ListHolds(*cache, "no-transform")) return false;
  if (const auto* text = std::get_if<std::string>(&response.body)) {
    return text->size() >= from_bytes;
  }
  const auto* source = std::get_if<std::unique_ptr<ByteSource>>(&response.body);
  return source != nullptr && (*source)->Size().value_or(from_bytes) >= from_bytes;
}

}  // namespace

Packing::Packing(api::Request& request) {
  if (const auto accepted = request.headers.Get("Accept-Encoding")) {
    coding_ = ChooseCoding(*accepted);
  }
  for (const std::string_view name : {"If-Match", "If-None-Match"}) {
    const auto tags = request.headers.Get(name);
    if (!tags) continue;
    std::string plain(*tags);
    if (const auto found = TakeEndings(plain)) {
      known_ = found;
      request.headers.Set(name, std::move(plain));
    }
  }
}

void Packing::Apply(api::Response& response, std::size_t from_bytes, bool may_wait) const {
  // A 304 speaks of the representation that the client has.
  if (response.status == 304 && known_) return AddEnding(response.headers, *known_);
  if (const auto done = response.headers.Get("Content-Encoding")) {
    if (const auto coding = ParseCoding(*done)) AddEnding(response.headers, *coding);
    return;
  }
  if (!HasPackableBody(response, from_bytes)) return;
  AddVary(response.headers);
  if (coding_ == Coding::kIdentity) return;
  if (auto* text = std::get_if<std::string>(&response.body)) {
    if (may_wait || text->size() <= kPackedAtOnce) {
      *text = Pack(*text, coding_, Effort::kFast);
    } else {
      response.body = Packed(SourceOf(std::move(*text)), coding_);
    }
  } else {
    auto& source = std::get<std::unique_ptr<ByteSource>>(response.body);
    source = Packed(std::move(source), coding_);
  }
  response.headers.Set("Content-Encoding", std::string(NameOf(coding_)));
  AddEnding(response.headers, coding_);
}

}  // namespace weir::http
