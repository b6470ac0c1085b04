#include "base/multibase.h"

#include <algorithm>

#include "base/base58.h"
#include "base/base64.h"
#include "base/check.h"
#include "base/hex.h"

namespace weir {
namespace {

std::string UpperHex(ByteView bytes) {
  std::string text = ToHex(bytes);
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c; });
  return text;
}

// FromHex reads both cases; here the prefix has said which it is.
Result<Bytes> DecodeBase16(std::string_view digits, char first_foreign, char last_foreign) {
  const bool foreign = std::any_of(digits.begin(), digits.end(),
                                   [&](char c) { return c >= first_foreign && c <= last_foreign; });
  if (foreign) return Invalid("base16 text mixes upper and lower case");
  return FromHex(digits);
}

}  // namespace

std::string EncodeMultibase(Multibase base, ByteView bytes) {
  switch (base) {
    case Multibase::kBase16:
      return 'f' + ToHex(bytes);
    case Multibase::kBase16Upper:
      return 'F' + UpperHex(bytes);
    case Multibase::kBase58Btc:
      WEIR_CHECK(bytes.size() <= kMostBase58);
      return 'z' + EncodeBase58(bytes);
    case Multibase::kBase64Url:
      return 'u' + EncodeBase64Url(bytes);
  }
  return {};
}

Result<Bytes> DecodeMultibase(std::string_view text) {
  if (text.empty()) return Invalid("multibase text is empty");
  const std::string_view digits = text.substr(1);
  switch (text.front()) {
    case 'f':
      return DecodeBase16(digits, 'A', 'F');
    case 'F':
      return DecodeBase16(digits, 'a', 'f');
    case 'z':
      if (digits.size() > kMostBase58) {
        return Invalid("base58 text is longer than {} characters", kMostBase58);
      }
      return DecodeBase58(digits);
    case 'u':
      return DecodeBase64Url(digits);
    default:
      return Invalid("multibase text begins with none of f, F, z and u");
  }
}

}  // namespace weir
