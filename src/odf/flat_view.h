#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <type_traits>

#include "base/bytes.h"
#include "base/result.h"

namespace weir::odf {

/// A FlatBuffers table inside bytes nobody vouches for. Every offset is checked against the
/// buffer before it is followed, and values are copied out, so alignment does not matter (blocks of
/// version 2 hold unaligned structs). A view: the bytes must outlive it.
class FlatTable {
 public:
  static Result<FlatTable> Root(ByteView buffer) {
    ASSIGN_OR_RETURN(const std::size_t position, Follow(buffer, 0));
    return At(buffer, position);
  }

  /// The table that `position` holds the offset of.
  static Result<FlatTable> At(ByteView buffer, std::size_t position) {
    FlatTable table;
    table.buffer_ = buffer;
    table.position_ = position;
    ASSIGN_OR_RETURN(const auto back, Load<std::int32_t>(buffer, position));
    const std::int64_t vtable = static_cast<std::int64_t>(position) - back;
    if (vtable < 0) return Corrupt("a table's layout lies outside the block");
    table.vtable_ = static_cast<std::size_t>(vtable);
    ASSIGN_OR_RETURN(table.vtable_size_, Load<std::uint16_t>(buffer, table.vtable_));
    if (table.vtable_size_ < 4 || table.vtable_ + table.vtable_size_ > buffer.size()) {
      return Corrupt("a table's layout lies outside the block");
    }
    return table;
  }

  /// Where the value of `slot` is; nothing when it is absent.
  std::optional<std::size_t> Find(int slot) const {
    const std::size_t entry = 4 + 2 * static_cast<std::size_t>(slot);
    if (entry + 2 > vtable_size_) return std::nullopt;
    std::uint16_t offset = 0;
    std::memcpy(&offset, buffer_.data() + vtable_ + entry, sizeof(offset));
    if (offset == 0) return std::nullopt;
    return position_ + offset;
  }

  ByteView buffer() const { return buffer_; }

  /// A scalar or packed struct at `position`.
  template <typename T>
  static Result<T> Load(ByteView buffer, std::size_t position) {
    static_assert(std::endian::native == std::endian::little && std::is_trivially_copyable_v<T>);
    if (position > buffer.size() || buffer.size() - position < sizeof(T)) {
      return Corrupt("a value lies outside the block");
    }
    T value;
    std::memcpy(&value, buffer.data() + position, sizeof(T));
    return value;
  }

  /// The position an offset stored at `position` points to.
  static Result<std::size_t> Follow(ByteView buffer, std::size_t position) {
    ASSIGN_OR_RETURN(const auto offset, Load<std::uint32_t>(buffer, position));
    if (offset == 0 || offset > buffer.size() - position) {
      return Corrupt("an offset points outside the block");
    }
    return position + offset;
  }

  /// The elements of the byte vector or string at `position`.
  static Result<ByteView> LoadBytes(ByteView buffer, std::size_t position) {
    ASSIGN_OR_RETURN(const auto length, Load<std::uint32_t>(buffer, position));
    if (length > buffer.size() - position - sizeof(length)) {
      return Corrupt("a vector is longer than the block");
    }
    return buffer.subspan(position + sizeof(length), length);
  }

 private:
  ByteView buffer_;
  std::size_t position_ = 0;
  std::size_t vtable_ = 0;
  std::uint16_t vtable_size_ = 0;
};

}  // namespace weir::odf
