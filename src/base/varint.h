#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/result.h"

namespace weir {

/// The unsigned varint of multiformats: seven bits a byte, the lowest first, at most nine bytes.
/// `value` must fit those: below 2^63.
void AppendVarint(Bytes& out, std::uint64_t value);

/// Reads one from the front of `bytes` and moves `bytes` behind it. kInvalid when it is cut short,
/// too long, or longer than it needs to be; `bytes` is then as it was.
Result<std::uint64_t> ReadVarint(ByteView& bytes);

}  // namespace weir
