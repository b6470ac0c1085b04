#pragma once

#include <array>
#include <cstddef>

namespace weir {

/// What SHA-256 and SHA3-256 answer.
using Digest = std::array<std::byte, 32>;

}  // namespace weir
