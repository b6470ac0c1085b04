#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace weir {

/// RFC 4648 section 5: letters, digits, '-' and '_', without padding. For ids, cursors and tokens
/// in URLs.
std::string EncodeBase64Url(ByteView bytes);

/// kInvalid for another character, padding, a length that no bytes have, or stray bits at the end.
Result<Bytes> DecodeBase64Url(std::string_view text);

}  // namespace weir
