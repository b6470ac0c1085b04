#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace weir {

/// Two lower-case digits for each byte.
std::string ToHex(ByteView bytes);

/// Reads what ToHex writes; upper-case digits too. kInvalid otherwise.
Result<Bytes> FromHex(std::string_view text);

}  // namespace weir
