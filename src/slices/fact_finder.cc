#include "slices/fact_finder.h"

#include <arrow/api.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>

#include "slices/text_bound.h"

namespace weir::slices {
namespace {

using arrow::Type;
using engine::Bound;

// Calls visit(value) for each value that is there.
template <typename ArrayType, typename Visit>
void ForEachValue(const ArrayType& array, Visit&& visit) {
  if (array.null_count() == 0) {
    for (std::int64_t row = 0; row < array.length(); ++row) visit(array.GetView(row));
    return;
  }
  for (std::int64_t row = 0; row < array.length(); ++row) {
    if (array.IsValid(row)) visit(array.GetView(row));
  }
}

class NullCounter : public ColumnFactFinder {
 public:
  void Add(const arrow::Array& values) override {
    nulls_ += static_cast<std::uint64_t>(values.null_count());
  }
  ColumnFacts Finish() const override { return {.bounds = {}, .nulls = nulls_}; }

 protected:
  std::uint64_t nulls_ = 0;
};

// Whole numbers, and what is stored as such: `numerator` / `denominator` bounds' units to one.
template <typename ArrayType>
class IntegerFacts final : public NullCounter {
 public:
  explicit IntegerFacts(std::int64_t factor = 1) : factor_(factor) {}

  void Add(const arrow::Array& values) override {
    NullCounter::Add(values);
    ForEachValue(static_cast<const ArrayType&>(values), [this](auto value) {
      min_ = std::min(min_, static_cast<std::int64_t>(value));
      max_ = std::max(max_, static_cast<std::int64_t>(value));
    });
  }

  ColumnFacts Finish() const override {
    ColumnFacts facts = NullCounter::Finish();
    std::int64_t min = 0;
    std::int64_t max = 0;
    if (min_ > max_ || __builtin_mul_overflow(min_, factor_, &min) ||
        __builtin_mul_overflow(max_, factor_, &max)) {
      return facts;
    }
    facts.bounds = {.min = min, .max = max};
    return facts;
  }

 private:
  const std::int64_t factor_;
  std::int64_t min_ = std::numeric_limits<std::int64_t>::max();
  std::int64_t max_ = std::numeric_limits<std::int64_t>::min();
};

template <typename ArrayType>
class FloatFacts final : public NullCounter {
 public:
  void Add(const arrow::Array& values) override {
    NullCounter::Add(values);
    ForEachValue(static_cast<const ArrayType&>(values), [this](auto value) {
      const auto number = static_cast<double>(value);
      nan_ |= std::isnan(number);
      min_ = std::min(min_, number);
      max_ = std::max(max_, number);
      any_ = true;
    });
  }

  ColumnFacts Finish() const override {
    ColumnFacts facts = NullCounter::Finish();
    if (any_ && !nan_) facts.bounds = {.min = min_, .max = max_};
    return facts;
  }

 private:
  double min_ = std::numeric_limits<double>::infinity();
  double max_ = -std::numeric_limits<double>::infinity();
  bool any_ = false;
  bool nan_ = false;
};

class BoolFacts final : public NullCounter {
 public:
  void Add(const arrow::Array& values) override {
    NullCounter::Add(values);
    ForEachValue(static_cast<const arrow::BooleanArray&>(values),
                 [this](bool value) { (value ? true_ : false_) = true; });
  }

  ColumnFacts Finish() const override {
    ColumnFacts facts = NullCounter::Finish();
    if (true_ || false_) facts.bounds = {.min = !false_, .max = true_};
    return facts;
  }

 private:
  bool true_ = false;
  bool false_ = false;
};

template <typename ArrayType>
class TextFacts final : public NullCounter {
 public:
  void Add(const arrow::Array& values) override {
    NullCounter::Add(values);
    // Compared within the batch and kept once for it, so that few texts are copied.
    std::optional<std::string_view> min;
    std::optional<std::string_view> max;
    ForEachValue(static_cast<const ArrayType&>(values), [&](std::string_view text) {
      if (!min || text < *min) min = text;
      if (!max || text > *max) max = text;
    });
    if (min && (!min_ || *min < *min_)) min_ = *min;
    if (max && (!max_ || *max > *max_)) max_ = *max;
  }

  ColumnFacts Finish() const override {
    ColumnFacts facts = NullCounter::Finish();
    if (!min_ || !max_) return facts;
    if (auto upper = UpperTextBound(*max_)) {
      facts.bounds = {.min = LowerTextBound(*min_), .max = std::move(*upper)};
    }
    return facts;
  }

 private:
  std::optional<std::string> min_;
  std::optional<std::string> max_;
};

template <typename Finder, typename... Args>
std::unique_ptr<ColumnFactFinder> Make(Args... args) {
  return std::make_unique<Finder>(args...);
}

// Microseconds in one of `unit`; none for nanoseconds, whose bounds would not be exact.
std::optional<std::int64_t> MicrosecondsIn(arrow::TimeUnit::type unit) {
  switch (unit) {
    case arrow::TimeUnit::SECOND:
      return 1'000'000;
    case arrow::TimeUnit::MILLI:
      return 1'000;
    case arrow::TimeUnit::MICRO:
      return 1;
    default:
      return std::nullopt;
  }
}

template <typename ArrayType>
std::unique_ptr<ColumnFactFinder> TimeFacts(arrow::TimeUnit::type unit) {
  if (const auto factor = MicrosecondsIn(unit)) return Make<IntegerFacts<ArrayType>>(*factor);
  return Make<NullCounter>();
}

std::unique_ptr<ColumnFactFinder> FinderFor(const arrow::DataType& type) {
  switch (type.id()) {
    case Type::BOOL:
      return Make<BoolFacts>();
    case Type::INT8:
      return Make<IntegerFacts<arrow::Int8Array>>();
    case Type::INT16:
      return Make<IntegerFacts<arrow::Int16Array>>();
    case Type::INT32:
      return Make<IntegerFacts<arrow::Int32Array>>();
    case Type::INT64:
      return Make<IntegerFacts<arrow::Int64Array>>();
    case Type::UINT8:
      return Make<IntegerFacts<arrow::UInt8Array>>();
    case Type::UINT16:
      return Make<IntegerFacts<arrow::UInt16Array>>();
    case Type::UINT32:
      return Make<IntegerFacts<arrow::UInt32Array>>();
    case Type::FLOAT:
      return Make<FloatFacts<arrow::FloatArray>>();
    case Type::DOUBLE:
      return Make<FloatFacts<arrow::DoubleArray>>();
    case Type::DATE32:
      return Make<IntegerFacts<arrow::Date32Array>>();
    case Type::TIMESTAMP:
      return TimeFacts<arrow::TimestampArray>(
          static_cast<const arrow::TimestampType&>(type).unit());
    case Type::TIME32:
      return TimeFacts<arrow::Time32Array>(static_cast<const arrow::TimeType&>(type).unit());
    case Type::TIME64:
      return TimeFacts<arrow::Time64Array>(static_cast<const arrow::TimeType&>(type).unit());
    case Type::STRING:
      return Make<TextFacts<arrow::StringArray>>();
    case Type::LARGE_STRING:
      return Make<TextFacts<arrow::LargeStringArray>>();
    case Type::STRING_VIEW:
      return Make<TextFacts<arrow::StringViewArray>>();
    default:
      return Make<NullCounter>();
  }
}

std::optional<Timestamp> TimeOf(const Bound& bound, std::int64_t nanoseconds_in_one) {
  const auto* count = std::get_if<std::int64_t>(&bound);
  if (count == nullptr) return std::nullopt;
  std::int64_t nanoseconds = 0;
  if (__builtin_mul_overflow(*count, nanoseconds_in_one, &nanoseconds)) {
    return *count < 0 ? Timestamp::min() : Timestamp::max();
  }
  return Timestamp(std::chrono::nanoseconds(nanoseconds));
}

}  // namespace

FactFinder::FactFinder(const arrow::Schema& schema, const std::string& event_time)
    : event_time_(schema.GetFieldIndex(event_time)) {
  for (const auto& field : schema.fields()) columns_.push_back(FinderFor(*field->type()));
  event_days_ = event_time_ >= 0 && schema.field(event_time_)->type()->id() == Type::DATE32;
}

void FactFinder::Add(const arrow::RecordBatch& rows) {
  rows_ += static_cast<std::uint64_t>(rows.num_rows());
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    columns_[i]->Add(*rows.column(static_cast<int>(i)));
  }
}

SliceFacts FactFinder::Finish() const {
  SliceFacts facts{.rows = rows_};
  for (const auto& column : columns_) facts.columns.push_back(column->Finish());
  if (event_time_ < 0) return facts;
  const auto& bounds = facts.columns[static_cast<std::size_t>(event_time_)].bounds;
  const std::int64_t factor = event_days_ ? 86'400'000'000'000 : 1'000;
  facts.min_event_time = TimeOf(bounds.min, factor);
  facts.max_event_time = TimeOf(bounds.max, factor);
  return facts;
}

}  // namespace weir::slices
