#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/result.h"

namespace weir::pipelines {

/// Walks over values in Avro's binary encoding (Avro 1.11.1, "Binary Encoding"). Any bytes are
/// safe: kInvalid when they end too early or a number is too long.
class AvroCursor {
 public:
  /// The bytes outlive it.
  explicit AvroCursor(std::string_view bytes) : bytes_(bytes) {}

  Result<bool> Boolean();
  Result<std::int64_t> Long();  ///< zigzag, also of an int
  Result<float> Float();
  Result<double> Double();
  Result<std::string_view> Fixed(std::uint64_t size);
  Result<std::string_view> Bytes();  ///< length first, also of a string

  std::size_t left() const { return bytes_.size() - at_; }
  std::size_t at() const { return at_; }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
};

}  // namespace weir::pipelines
