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

  /// The entries of an array or a map, which come in runs: `each` reads one. An entry has a byte at
  /// least, or a few bytes could say that they are billions of entries.
  template <typename Each>
  Status Runs(Each each) {
    for (;;) {
      ASSIGN_OR_RETURN(const std::uint64_t count, RunLength());
      if (count == 0) return Ok();
      for (std::uint64_t i = 0; i < count; ++i) RETURN_IF_ERROR(each());
    }
  }

  std::size_t left() const { return bytes_.size() - at_; }
  std::size_t at() const { return at_; }

 private:
  /// 0 behind the last run; a negative count is followed by the bytes of its run.
  Result<std::uint64_t> RunLength();

  std::string_view bytes_;
  std::size_t at_ = 0;
};

}  // namespace weir::pipelines
