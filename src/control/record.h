#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir::control {

/// Writes the store's own records: numbers as 8 bytes, big end first, texts with their length
/// before them (docs/formats/control-store.md).
class RecordWriter {
 public:
  RecordWriter& Number(std::int64_t number);
  RecordWriter& Text(std::string_view text);
  std::string Take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

/// Reads them back; nullopt where the bytes are none.
class RecordReader {
 public:
  explicit RecordReader(std::string_view bytes) : left_(bytes) {}
  std::optional<std::int64_t> Number();
  std::optional<std::string> Text();
  bool AtEnd() const { return left_.empty(); }

 private:
  std::string_view left_;
};

}  // namespace weir::control
