#include "pipelines/tables/avro_cursor.h"

#include <bit>
#include <cstring>
#include <limits>

namespace weir::pipelines {
namespace {

Error BreaksOff() { return Invalid("a value breaks off"); }

}  // namespace

Result<bool> AvroCursor::Boolean() {
  ASSIGN_OR_RETURN(const std::string_view byte, Fixed(1));
  if (byte[0] != 0 && byte[0] != 1) return Invalid("a boolean is neither true nor false");
  return byte[0] == 1;
}

Result<std::int64_t> AvroCursor::Long() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (at_ == bytes_.size()) return BreaksOff();
    const auto byte = static_cast<unsigned char>(bytes_[at_++]);
    if (shift == 63 && byte > 1) break;
    value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
    if ((byte & 0x80) == 0) return static_cast<std::int64_t>((value >> 1) ^ (~(value & 1) + 1));
  }
  return Invalid("a number has more than 64 bits");
}

Result<float> AvroCursor::Float() {
  ASSIGN_OR_RETURN(const std::string_view bytes, Fixed(sizeof(float)));
  static_assert(std::endian::native == std::endian::little);
  float value = 0;
  std::memcpy(&value, bytes.data(), sizeof(value));
  return value;
}

Result<double> AvroCursor::Double() {
  ASSIGN_OR_RETURN(const std::string_view bytes, Fixed(sizeof(double)));
  double value = 0;
  std::memcpy(&value, bytes.data(), sizeof(value));
  return value;
}

Result<std::string_view> AvroCursor::Fixed(std::uint64_t size) {
  if (size > left()) return BreaksOff();
  const std::string_view bytes = bytes_.substr(at_, size);
  at_ += size;
  return bytes;
}

Result<std::uint64_t> AvroCursor::RunLength() {
  ASSIGN_OR_RETURN(std::int64_t count, Long());
  if (count < 0) {
    if (count == std::numeric_limits<std::int64_t>::min()) return Invalid("a count is too big");
    count = -count;
    ASSIGN_OR_RETURN([[maybe_unused]] const std::int64_t bytes, Long());
  }
  if (static_cast<std::uint64_t>(count) > left()) {
    return Invalid("there are fewer entries than it says");
  }
  return static_cast<std::uint64_t>(count);
}

Result<std::string_view> AvroCursor::Bytes() {
  ASSIGN_OR_RETURN(const std::int64_t size, Long());
  if (size < 0) return Invalid("a length is negative");
  return Fixed(static_cast<std::uint64_t>(size));
}

}  // namespace weir::pipelines
