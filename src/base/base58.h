#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace weir {

/// Bitcoin's base58: the bytes as one big-endian number, and a '1' for each leading zero byte. The
/// time grows with the square of the length, so the caller bounds it.
std::string EncodeBase58(ByteView bytes);
Result<Bytes> DecodeBase58(std::string_view text);

}  // namespace weir
