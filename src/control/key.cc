#include "control/key.h"

#include <optional>

namespace weir::control {
namespace {

// docs/formats/control-keys.md: a number sorts before a text because its tag does.
constexpr char kNumber = 0x01;
constexpr char kText = 0x02;
constexpr char kEnd = 0x00;
constexpr char kEscaped = static_cast<char>(0xFF);
constexpr std::size_t kNumberBytes = 8;
constexpr std::uint64_t kSign = std::uint64_t{1} << 63;

std::optional<std::int64_t> ReadNumber(std::string_view tuple, std::size_t& at) {
  if (tuple.size() - at < kNumberBytes) return std::nullopt;
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < kNumberBytes; ++i) {
    bits = bits << 8 | static_cast<unsigned char>(tuple[at++]);
  }
  return static_cast<std::int64_t>(bits ^ kSign);
}

std::optional<std::string> ReadText(std::string_view tuple, std::size_t& at) {
  std::string text;
  while (at < tuple.size()) {
    const char byte = tuple[at++];
    if (byte != kEnd) {
      text += byte;
    } else if (at < tuple.size() && tuple[at] == kEscaped) {
      text += '\0';
      ++at;
    } else {
      return text;
    }
  }
  return std::nullopt;
}

std::optional<Key::Part> ReadPart(std::string_view tuple, std::size_t& at) {
  const char tag = tuple[at++];
  if (tag == kNumber) {
    if (auto number = ReadNumber(tuple, at)) return Key::Part(*number);
  } else if (tag == kText) {
    if (auto text = ReadText(tuple, at)) return Key::Part(*std::move(text));
  }
  return std::nullopt;
}

std::string Shown(const Key::Part& part) {
  if (const auto* number = std::get_if<std::int64_t>(&part)) return std::to_string(*number);
  return std::get<std::string>(part);
}

}  // namespace

Result<Key> Key::Decode(std::string_view space, std::string_view tuple) {
  for (std::size_t at = 0; at < tuple.size();) {
    if (!ReadPart(tuple, at)) return Corrupt("a key of space {} is no tuple", space);
  }
  Key key(space);
  key.tuple_ = tuple;
  return key;
}

Key Key::With(std::string_view part) const {
  Key longer = *this;
  longer.tuple_ += kText;
  for (const char byte : part) {
    longer.tuple_ += byte;
    if (byte == kEnd) longer.tuple_ += kEscaped;
  }
  longer.tuple_ += kEnd;
  return longer;
}

Key Key::With(std::int64_t part) const {
  Key longer = *this;
  longer.tuple_ += kNumber;
  const std::uint64_t bits = static_cast<std::uint64_t>(part) ^ kSign;
  for (int shift = 56; shift >= 0; shift -= 8) longer.tuple_ += static_cast<char>(bits >> shift);
  return longer;
}

std::vector<Key::Part> Key::Parts() const {
  std::vector<Part> parts;
  for (std::size_t at = 0; at < tuple_.size();) {
    auto part = ReadPart(tuple_, at);
    WEIR_CHECK(part);
    parts.push_back(*std::move(part));
  }
  return parts;
}

std::vector<std::size_t> Key::PartEnds() const {
  std::vector<std::size_t> ends{0};
  for (std::size_t at = 0; at < tuple_.size();) {
    WEIR_CHECK(ReadPart(tuple_, at));
    ends.push_back(at);
  }
  return ends;
}

bool Key::IsPrefixOf(const Key& other) const {
  if (space_ != other.space_ || !other.tuple_.starts_with(tuple_)) return false;
  // The text "a" also begins the bytes of "a\0b", whose next byte is the escape and no tag.
  return other.tuple_.size() == tuple_.size() || other.tuple_[tuple_.size()] != kEscaped ||
         tuple_.empty();
}

std::string Key::TupleEnd() const { return tuple_ + kEscaped; }

std::string Key::ToString() const {
  std::string text = space_;
  for (const Part& part : Parts()) text += "/" + Shown(part);
  return text;
}

}  // namespace weir::control
