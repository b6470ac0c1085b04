#pragma once

#include "base/stream.h"

namespace weir::cli {

/// What is piped into this process.
class StandardInput final : public ByteSource {
 public:
  Result<std::size_t> Read(std::span<std::byte> buffer) override;
};

}  // namespace weir::cli
