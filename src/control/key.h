#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

namespace weir::control {

/// An ordered key: a space (which folder's facts it holds, "resources", "leases") and a tuple of
/// texts and numbers. Keys of a space sort by their parts, one after the other: texts by bytes,
/// numbers by value, a number before a text, a shorter tuple before the longer ones it begins.
/// Built as `Key("resources").With("public").With(7)`. The encoding is
/// docs/formats/control-keys.md.
class Key {
 public:
  using Part = std::variant<std::int64_t, std::string>;

  explicit Key(std::string_view space) : space_(space) {}

  /// Reads back what tuple() gave. kCorrupt for anything else.
  static Result<Key> Decode(std::string_view space, std::string_view tuple);

  Key With(std::string_view part) const;
  Key With(std::int64_t part) const;

  const std::string& space() const { return space_; }
  const std::string& tuple() const { return tuple_; }  ///< order-preserving bytes of the parts
  std::vector<Part> Parts() const;

  /// Whether `other` is this key or continues it with more parts.
  bool IsPrefixOf(const Key& other) const;

  /// Where tuple() may be cut so that a prefix of this key is left: 0 first, its size last.
  std::vector<std::size_t> PartEnds() const;

  /// Bytes that sort after the tuple of every key that continues this one, and before those of the
  /// next key that does not: the end of a range.
  std::string TupleEnd() const;

  std::string ToString() const;  ///< for people: resources/public/7

  auto operator<=>(const Key&) const = default;

 private:
  std::string space_;
  std::string tuple_;
};

}  // namespace weir::control
