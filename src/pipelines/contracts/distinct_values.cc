#include "pipelines/contracts/distinct_values.h"

#include <arrow/array.h>
#include <arrow/type.h>

#include <algorithm>
#include <array>
#include <bit>
#include <string_view>

namespace weir::pipelines {
namespace {

// Mixes every bit of `value` into every other (the finalizer of MurmurHash3, a bijection).
std::uint64_t Mixed(std::uint64_t value) {
  value ^= value >> 33;
  value *= 0xff51afd7ed558ccdULL;
  value ^= value >> 33;
  value *= 0xc4ceb9fe1a85ec53ULL;
  return value ^ (value >> 33);
}

std::uint64_t HashOf(std::string_view text) {
  std::uint64_t hash = Mixed(text.size() + 1);
  for (; text.size() >= 8; text.remove_prefix(8)) {
    std::uint64_t word = 0;
    std::copy_n(text.data(), 8, reinterpret_cast<char*>(&word));
    hash = Mixed(hash ^ word);
  }
  std::uint64_t rest = 0;
  std::copy_n(text.data(), text.size(), reinterpret_cast<char*>(&rest));
  return Mixed(hash ^ rest);
}

// Sorts by the bytes of the values, the lowest first; bytes in which none differ are passed over.
void RadixSort(std::vector<std::uint64_t>& values) {
  std::uint64_t differing = 0;
  for (const std::uint64_t value : values) differing |= value ^ values.front();
  std::vector<std::uint64_t> other(values.size());
  constexpr unsigned kBits = 11;
  for (unsigned shift = 0; shift < 64; shift += kBits) {
    constexpr std::uint64_t kMask = (1U << kBits) - 1;
    if (((differing >> shift) & kMask) == 0) continue;
    std::array<std::size_t, 1U << kBits> places{};
    for (const std::uint64_t value : values) ++places[(value >> shift) & kMask];
    std::size_t begin = 0;
    for (std::size_t& place : places) begin += std::exchange(place, begin);
    for (const std::uint64_t value : values) other[places[(value >> shift) & kMask]++] = value;
    values.swap(other);
  }
}

}  // namespace

void DistinctValues::GiveUp() {
  is_known_ = false;
  is_ascending_ = false;
  kept_ = {};
}

void DistinctValues::Keep(std::uint64_t value) {
  if (kept_.size() < kMostKept) {
    kept_.push_back(value);
  } else {
    is_known_ = false;
  }
}

template <typename Array>
void DistinctValues::AddNumbers(const Array& values) {
  for (std::int64_t row = 0; row < values.length(); ++row) {
    if (values.IsNull(row)) continue;
    const auto value = static_cast<std::int64_t>(values.Value(row));
    is_ascending_ = is_ascending_ && (!has_last_ || value > last_);
    has_last_ = true;
    last_ = value;
    if (is_known_) Keep(static_cast<std::uint64_t>(value));
  }
}

void DistinctValues::AddTexts(const arrow::Array& values) {
  const auto& texts = static_cast<const arrow::StringArray&>(values);
  is_ascending_ = false;
  for (std::int64_t row = 0; row < texts.length() && is_known_; ++row) {
    if (!texts.IsNull(row)) Keep(HashOf(texts.GetView(row)));
  }
}

void DistinctValues::Add(const arrow::Array& values) {
  if (!is_known_ && !is_ascending_) return;
  switch (values.type_id()) {
    case arrow::Type::INT8:
      return AddNumbers(static_cast<const arrow::Int8Array&>(values));
    case arrow::Type::INT16:
      return AddNumbers(static_cast<const arrow::Int16Array&>(values));
    case arrow::Type::INT32:
      return AddNumbers(static_cast<const arrow::Int32Array&>(values));
    case arrow::Type::INT64:
      return AddNumbers(static_cast<const arrow::Int64Array&>(values));
    case arrow::Type::DATE32:
      return AddNumbers(static_cast<const arrow::Date32Array&>(values));
    case arrow::Type::STRING:
      return AddTexts(values);
    default:
      GiveUp();
  }
}

bool DistinctValues::AreDistinct() {
  if (is_ascending_) return true;
  if (!is_known_) return false;
  if (kept_.empty()) return true;
  RadixSort(kept_);
  const bool distinct = std::ranges::adjacent_find(kept_) == kept_.end();
  kept_ = {};
  return distinct;
}

}  // namespace weir::pipelines
