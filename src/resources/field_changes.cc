#include "resources/field_changes.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <optional>

namespace weir::resources {
namespace {

namespace json = boost::json;

// One side at one path; null where there is nothing.
struct Side {
  const json::value* clear = nullptr;
  const json::value* shown = nullptr;

  std::optional<json::value> Shown() const {
    return shown == nullptr ? std::nullopt : std::optional<json::value>(*shown);
  }
};

Side Member(const Side& side, std::string_view key) {
  const json::value* clear = side.clear->as_object().if_contains(key);
  if (clear == nullptr) return {};
  return {.clear = clear, .shown = side.shown->as_object().if_contains(key)};
}

Side Item(const Side& side, std::size_t index) {
  return {.clear = &side.clear->as_array()[index], .shown = &side.shown->as_array()[index]};
}

// A secret that is a mapping or a list is shown as one text, and compared as one value.
bool BothObjects(const Side& a, const Side& b) {
  return a.clear->is_object() && b.clear->is_object() && a.shown->is_object() &&
         b.shown->is_object();
}

bool BothArraysOfOneSize(const Side& a, const Side& b) {
  return a.clear->is_array() && b.clear->is_array() && a.shown->is_array() && b.shown->is_array() &&
         a.clear->as_array().size() == b.clear->as_array().size();
}

void Compare(const std::string& path, const Side& before, const Side& after,
             std::vector<FieldChange>& changes) {
  const bool both = before.clear != nullptr && after.clear != nullptr;
  if (!both) {
    changes.push_back({.path = path, .before = before.Shown(), .after = after.Shown()});
    return;
  }
  if (*before.clear == *after.clear) return;
  const auto inner = [&path](std::string_view key) {
    return path.empty() ? std::string(key) : fmt::format("{}.{}", path, key);
  };
  if (BothObjects(before, after)) {
    for (const auto& member : before.clear->as_object()) {
      Compare(inner(member.key()), Member(before, member.key()), Member(after, member.key()),
              changes);
    }
    for (const auto& member : after.clear->as_object()) {
      if (before.clear->as_object().contains(member.key())) continue;
      Compare(inner(member.key()), {}, Member(after, member.key()), changes);
    }
    return;
  }
  if (BothArraysOfOneSize(before, after)) {
    for (std::size_t index = 0; index < before.clear->as_array().size(); ++index) {
      Compare(fmt::format("{}[{}]", path, index), Item(before, index), Item(after, index), changes);
    }
    return;
  }
  changes.push_back({.path = path, .before = before.Shown(), .after = after.Shown()});
}

}  // namespace

std::vector<FieldChange> CompareFields(const Comparable& before, const Comparable& after) {
  std::vector<FieldChange> changes;
  Compare("", {.clear = &before.clear, .shown = &before.shown},
          {.clear = &after.clear, .shown = &after.shown}, changes);
  std::sort(changes.begin(), changes.end(),
            [](const FieldChange& a, const FieldChange& b) { return a.path < b.path; });
  return changes;
}

}  // namespace weir::resources
