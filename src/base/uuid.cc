#include "base/uuid.h"

#include <algorithm>

#include "base/hex.h"

namespace weir {
namespace {

constexpr std::size_t kTextSize = 36;
constexpr std::uint32_t kCounterEnd = 1U << 12;

bool IsDashPlace(std::size_t i) { return i == 8 || i == 13 || i == 18 || i == 23; }

}  // namespace

std::string Uuid::ToString() const {
  std::string text = ToHex(std::as_bytes(std::span(bytes)));
  for (const std::size_t place : {8, 13, 18, 23}) text.insert(place, 1, '-');
  return text;
}

Result<Uuid> Uuid::Parse(std::string_view text) {
  std::string digits;
  bool good = text.size() == kTextSize;
  for (std::size_t i = 0; good && i < text.size(); ++i) {
    if (IsDashPlace(i)) {
      good = text[i] == '-';
    } else {
      digits += text[i];
    }
  }
  const auto bytes = FromHex(digits);
  if (!good || !bytes) return Invalid("'{}' is not a UUID", text.substr(0, kTextSize));
  Uuid uuid;
  std::transform(bytes->begin(), bytes->end(), uuid.bytes.begin(),
                 [](std::byte byte) { return std::to_integer<std::uint8_t>(byte); });
  return uuid;
}

Uuid UuidMaker::Next() {
  Uuid uuid;
  rng_.Fill(std::as_writable_bytes(std::span(uuid.bytes)));
  const std::int64_t now_ms =
      std::chrono::floor<std::chrono::milliseconds>(clock_.Now()).time_since_epoch().count();

  std::int64_t ms = 0;
  std::uint32_t counter = 0;
  {
    const std::lock_guard lock(mutex_);
    if (now_ms > last_ms_) {
      last_ms_ = now_ms;
      // Random, but in the lower half, to leave room to count up.
      counter_ = (uuid.bytes[6] << 8 | uuid.bytes[7]) % (kCounterEnd / 2);
    } else if (++counter_ == kCounterEnd) {
      ++last_ms_;  // run ahead of the clock rather than repeat
      counter_ = 0;
    }
    ms = last_ms_;
    counter = counter_;
  }

  for (int i = 0; i < 6; ++i) uuid.bytes[i] = static_cast<std::uint8_t>(ms >> (40 - 8 * i));
  uuid.bytes[6] = static_cast<std::uint8_t>(0x70 | counter >> 8);
  uuid.bytes[7] = static_cast<std::uint8_t>(counter);
  uuid.bytes[8] = static_cast<std::uint8_t>(0x80 | (uuid.bytes[8] & 0x3f));
  return uuid;
}

}  // namespace weir
