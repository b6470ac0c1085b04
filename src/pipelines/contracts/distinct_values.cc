#include "pipelines/contracts/distinct_values.h"

#include <arrow/array.h>
#include <arrow/type.h>

#include <algorithm>
#include <string_view>

namespace weir::pipelines {
namespace {

constexpr std::uint64_t kSign = std::uint64_t{1} << 63;  // so that order is that of the numbers

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

}  // namespace

void DistinctValues::GiveUp() {
  is_known_ = false;
  is_ascending_ = false;
  kept_ = {};
}

void DistinctValues::Keep(std::uint64_t value) {
  if (kept_.size() >= kMostKept) {
    is_known_ = false;
    return;
  }
  least_ = std::min(least_, value);
  greatest_ = std::max(greatest_, value);
  kept_.Add(value);
}

template <typename Array>
void DistinctValues::AddNumbers(const Array& values) {
  for (std::int64_t row = 0; row < values.length(); ++row) {
    if (values.IsNull(row)) continue;
    const auto value = static_cast<std::int64_t>(values.Value(row));
    is_ascending_ = is_ascending_ && (!has_last_ || value > last_);
    has_last_ = true;
    last_ = value;
    if (is_known_) Keep(static_cast<std::uint64_t>(value) ^ kSign);
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
  const bool distinct = AreAllDifferent(kept_, least_, greatest_);
  kept_ = {};
  return distinct;
}

}  // namespace weir::pipelines
