#include "api/cursor.h"

#include <fmt/format.h>

#include "api/signature.h"
#include "base/hex.h"

namespace weir::api {
namespace {

// 64 bits: a cursor grants nothing, the signature only keeps made-up ones out.
constexpr std::size_t kSignatureLength = 16;

}  // namespace

std::string CursorCodec::Sign(std::string_view position) const {
  // The length keeps (query, position) from being cut in two another way.
  const std::string text = fmt::format("cursor:{}:{}{}", query_.size(), query_, position);
  return api::Sign(signing_key_, text).substr(0, kSignatureLength);
}

std::string CursorCodec::Encode(std::string_view position) const {
  return Sign(position) + ToHex(AsBytes(position));
}

Result<std::string> CursorCodec::Decode(std::string_view cursor) const {
  if (cursor.size() >= kSignatureLength) {
    const auto bytes = FromHex(cursor.substr(kSignatureLength));
    if (bytes) {
      const std::string position(AsText(*bytes));
      if (SameSignature(Sign(position), cursor.substr(0, kSignatureLength))) return position;
    }
  }
  return Invalid("the cursor is none that this list has given out")
      .WithHint("take `nextCursor` of the page before as it is, with the same filters");
}

}  // namespace weir::api
