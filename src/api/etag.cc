#include "api/etag.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/hex.h"
#include "base/sha256.h"

namespace weir::api {
namespace {

constexpr std::string_view kWeakPrefix = "W/";
constexpr std::size_t kHashLength = 16;

std::string ShortHash(std::string_view content) {
  return ToHex(Sha256::Of(AsBytes(content))).substr(0, kHashLength);
}

// Takes the next tag off the front of a list, without its weakness and its quotes; a tag may hold
// commas. Empty at the end, and for one that is not closed.
std::string_view TakeTag(std::string_view& list) {
  const std::size_t open = list.find('"');
  const std::size_t close = open == std::string_view::npos ? open : list.find('"', open + 1);
  if (close == std::string_view::npos) {
    list = {};
    return {};
  }
  const std::string_view tag = list.substr(open + 1, close - open - 1);
  list.remove_prefix(close + 1);
  return tag;
}

}  // namespace

std::string EntityTagOf(std::int64_t version, std::string_view content) {
  return fmt::format("\"{}-{}\"", version, ShortHash(content));
}

std::string EntityTagOf(std::string_view content) {
  return fmt::format("\"{}\"", ShortHash(content));
}

bool NamesEntityTag(std::string_view header, std::string_view etag) {
  if (header == "*") return true;
  const std::string_view wanted = TakeTag(etag);
  while (!header.empty()) {
    if (TakeTag(header) == wanted) return true;
  }
  return false;
}

bool NamesVersion(std::string_view header, std::int64_t version) {
  if (header == "*") return true;
  const std::string wanted = std::to_string(version);
  while (!header.empty()) {
    const bool weak = header.starts_with(kWeakPrefix);  // If-Match compares strongly: never equal
    const std::string_view tag = TakeTag(header);
    if (!weak && tag.substr(0, tag.find('-')) == wanted) return true;
    header.remove_prefix(std::min(header.find_first_not_of(" ,"), header.size()));
  }
  return false;
}

}  // namespace weir::api
