#include "control/record.h"

namespace weir::control {
namespace {

constexpr std::size_t kNumberBytes = 8;

}  // namespace

RecordWriter& RecordWriter::Number(std::int64_t number) {
  const auto bits = static_cast<std::uint64_t>(number);
  for (int shift = 56; shift >= 0; shift -= 8) bytes_ += static_cast<char>(bits >> shift);
  return *this;
}

RecordWriter& RecordWriter::Text(std::string_view text) {
  Number(static_cast<std::int64_t>(text.size()));
  bytes_ += text;
  return *this;
}

std::optional<std::int64_t> RecordReader::Number() {
  if (left_.size() < kNumberBytes) return std::nullopt;
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < kNumberBytes; ++i) {
    bits = bits << 8 | static_cast<unsigned char>(left_[i]);
  }
  left_.remove_prefix(kNumberBytes);
  return static_cast<std::int64_t>(bits);
}

std::optional<std::string> RecordReader::Text() {
  const auto size = Number();
  if (!size || *size < 0 || static_cast<std::uint64_t>(*size) > left_.size()) return std::nullopt;
  std::string text(left_.substr(0, static_cast<std::size_t>(*size)));
  left_.remove_prefix(text.size());
  return text;
}

}  // namespace weir::control
