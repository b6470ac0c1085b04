#include "server/option_values.h"

#include <array>
#include <charconv>
#include <limits>
#include <optional>
#include <utility>

namespace weir::server {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t factor;
};

// Digits and then one of `units`; nullopt for anything else, and for what does not fit.
template <std::size_t N>
std::optional<std::int64_t> ParseWithUnit(std::string_view text, const std::array<Unit, N>& units) {
  std::int64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || number < 0) return std::nullopt;
  const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  for (const Unit& known : units) {
    if (known.name != unit) continue;
    if (number > std::numeric_limits<std::int64_t>::max() / known.factor) return std::nullopt;
    return number * known.factor;
  }
  return std::nullopt;
}

}  // namespace

Result<bool> ParseSwitch(std::string_view text) {
  if (text == "true") return true;
  if (text == "false") return false;
  return Invalid("\"{}\" is neither true nor false", text);
}

Result<std::int64_t> ParseNumber(std::string_view text, std::int64_t least, std::int64_t most) {
  std::int64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed == std::errc() && end == text.data() + text.size() && number >= least &&
      number <= most) {
    return number;
  }
  return Invalid("\"{}\" is no whole number from {} to {}", text, least, most);
}

Result<std::int64_t> ParseSize(std::string_view text) {
  constexpr std::array kUnits = {
      Unit{"", 1},           Unit{"B", 1},           Unit{"kB", 1000},
      Unit{"MB", 1'000'000}, Unit{"GB", 1000000000}, Unit{"KiB", 1 << 10},
      Unit{"MiB", 1 << 20},  Unit{"GiB", 1 << 30},
  };
  if (const auto bytes = ParseWithUnit(text, kUnits)) return *bytes;
  return Invalid("\"{}\" is no size; write it as 512, 10kB or 64MiB", text);
}

Result<std::chrono::milliseconds> ParseDuration(std::string_view text) {
  constexpr std::array kUnits = {Unit{"ms", 1}, Unit{"s", 1000}, Unit{"m", 60'000},
                                 Unit{"h", 3'600'000}};
  // A year: beyond it, adding to a time point would be no mistake of a person any more.
  constexpr std::int64_t kLongest = 366LL * 24 * 3'600'000;
  const auto milliseconds = ParseWithUnit(text, kUnits);
  if (milliseconds && *milliseconds <= kLongest) return std::chrono::milliseconds(*milliseconds);
  return Invalid("\"{}\" is no duration; write it as 250ms, 30s, 5m or 2h", text);
}

}  // namespace weir::server
