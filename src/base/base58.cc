#include "base/base58.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace weir {
namespace {

constexpr std::string_view kAlphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

// The digits of one big number in another base, without leading zeros, the highest first.
std::vector<std::uint8_t> Convert(std::span<const std::uint8_t> digits, unsigned from,
                                  unsigned to) {
  std::vector<std::uint8_t> result;  // the lowest first, until the end
  for (const std::uint8_t digit : digits) {
    unsigned carry = digit;
    for (std::uint8_t& place : result) {
      carry += place * from;
      place = static_cast<std::uint8_t>(carry % to);
      carry /= to;
    }
    for (; carry > 0; carry /= to) result.push_back(static_cast<std::uint8_t>(carry % to));
  }
  std::reverse(result.begin(), result.end());
  return result;
}

std::size_t CountLeadingZeros(std::span<const std::uint8_t> digits) {
  return static_cast<std::size_t>(
      std::find_if(digits.begin(), digits.end(), [](auto digit) { return digit != 0; }) -
      digits.begin());
}

}  // namespace

std::string EncodeBase58(ByteView bytes) {
  const std::span digits(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  std::string text(CountLeadingZeros(digits), kAlphabet.front());
  for (const std::uint8_t digit : Convert(digits, 256, 58)) text += kAlphabet[digit];
  return text;
}

Result<Bytes> DecodeBase58(std::string_view text) {
  std::vector<std::uint8_t> digits;
  for (const char c : text) {
    const auto digit = kAlphabet.find(c);
    if (digit == std::string_view::npos) return Invalid("base58 text has another character");
    digits.push_back(static_cast<std::uint8_t>(digit));
  }
  Bytes bytes(CountLeadingZeros(digits));
  for (const std::uint8_t byte : Convert(digits, 58, 256)) bytes.push_back(std::byte{byte});
  return bytes;
}

}  // namespace weir
