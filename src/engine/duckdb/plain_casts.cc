#include "engine/duckdb/plain_casts.h"

#include <duckdb/catalog/catalog.hpp>
#include <duckdb/common/vector_operations/unary_executor.hpp>
#include <duckdb/parser/parsed_data/create_scalar_function_info.hpp>

#include <chrono>
#include <limits>
#include <optional>
#include <string_view>

namespace weir::engine {
namespace {

constexpr std::size_t kMostDigits = 18;  // so that no number leaves 64 bits

// One less than ten for a digit.
unsigned DigitOf(char character) { return static_cast<unsigned char>(character) - unsigned{'0'}; }

template <typename Integer>
std::optional<Integer> PlainInteger(std::string_view text) {
  const bool is_negative = !text.empty() && text.front() == '-';
  if (is_negative || (!text.empty() && text.front() == '+')) text.remove_prefix(1);
  if (text.empty() || text.size() > kMostDigits) return std::nullopt;
  std::int64_t value = 0;
  for (const char character : text) {
    const unsigned digit = DigitOf(character);
    if (digit > 9) return std::nullopt;
    value = value * 10 + digit;
  }
  if (is_negative) value = -value;
  using Limits = std::numeric_limits<Integer>;
  if constexpr (sizeof(Integer) < sizeof(value)) {
    if (value > static_cast<std::int64_t>(Limits::max())) return std::nullopt;
    if (value < static_cast<std::int64_t>(Limits::min())) return std::nullopt;
  } else if constexpr (Limits::min() == 0) {
    if (value < 0) return std::nullopt;
  }
  return static_cast<Integer>(value);
}

// Reads digits at fixed places, and remembers whether one was none.
class Places {
 public:
  explicit Places(std::string_view text) : text_(text) {}

  unsigned Number(std::size_t at, std::size_t digits) {
    unsigned value = 0;
    for (std::size_t i = at; i < at + digits; ++i) {
      const unsigned digit = DigitOf(text_[i]);
      is_plain_ = is_plain_ && digit <= 9;
      value = value * 10 + digit;
    }
    return value;
  }
  void Expect(std::size_t at, char wanted) { is_plain_ = is_plain_ && text_[at] == wanted; }
  bool is_plain() const { return is_plain_; }

 private:
  std::string_view text_;
  bool is_plain_ = true;
};

// 0 without a fraction; nullopt when it is none.
std::optional<unsigned> MicrosecondsOf(std::string_view fraction) {
  if (fraction.empty()) return 0;
  if (fraction.front() != '.' || fraction.size() < 2 || fraction.size() > 7) return std::nullopt;
  Places places(fraction);
  unsigned value = places.Number(1, fraction.size() - 1);
  for (std::size_t digits = fraction.size() - 1; digits < 6; ++digits) value *= 10;
  return places.is_plain() ? std::optional(value) : std::nullopt;
}

std::optional<duckdb::timestamp_t> PlainTimestamp(std::string_view text) {
  constexpr std::size_t kToSeconds = 19;
  if (text.size() < kToSeconds) return std::nullopt;
  if (text.back() == 'Z') text.remove_suffix(1);
  if (text.size() < kToSeconds) return std::nullopt;
  Places places(text);
  const std::chrono::year_month_day day(std::chrono::year(static_cast<int>(places.Number(0, 4))),
                                        std::chrono::month(places.Number(5, 2)),
                                        std::chrono::day(places.Number(8, 2)));
  const unsigned hour = places.Number(11, 2);
  const unsigned minute = places.Number(14, 2);
  const unsigned second = places.Number(17, 2);
  places.Expect(4, '-');
  places.Expect(7, '-');
  places.Expect(13, ':');
  places.Expect(16, ':');
  if (text[10] != 'T') places.Expect(10, ' ');
  const auto micros = MicrosecondsOf(text.substr(kToSeconds));
  if (!places.is_plain() || !micros || !day.ok() || int{day.year()} == 0) return std::nullopt;
  if (hour > 23 || minute > 59 || second > 59) return std::nullopt;
  const auto days = std::chrono::sys_days(day).time_since_epoch().count();
  const std::int64_t seconds = days * std::int64_t{86400} + hour * 3600 + minute * 60 + second;
  return duckdb::timestamp_t(seconds * 1'000'000 + *micros);
}

std::optional<duckdb::timestamp_t> PlainInstant(std::string_view text) {
  if (const auto plain = PlainTimestamp(text)) return plain;
  duckdb::timestamp_t time;
  duckdb::string_t zone(nullptr, 0);
  bool has_offset = false;
  const auto done = duckdb::Timestamp::TryConvertTimestampTZ(text.data(), text.size(), time, true,
                                                             has_offset, zone);
  const bool is_instant = done == duckdb::TimestampCastResult::SUCCESS && zone.GetSize() == 0;
  return is_instant && duckdb::Timestamp::IsFinite(time) ? std::optional(time) : std::nullopt;
}

template <typename Value, std::optional<Value> Make(std::string_view)>
void CastTexts(duckdb::DataChunk& arguments, duckdb::ExpressionState&, duckdb::Vector& result) {
  duckdb::UnaryExecutor::ExecuteWithNulls<duckdb::string_t, Value>(
      arguments.data[0], result, arguments.size(),
      [](duckdb::string_t text, duckdb::ValidityMask& validity, duckdb::idx_t row) {
        const auto value = Make({text.GetData(), text.GetSize()});
        if (!value) validity.SetInvalid(row);
        return value.value_or(Value());
      });
}

template <typename Value, std::optional<Value> Make(std::string_view)>
void Add(duckdb::Connection& connection, const char* name, const duckdb::LogicalType& type) {
  duckdb::ScalarFunction function(name, {duckdb::LogicalType::VARCHAR}, type,
                                  CastTexts<Value, Make>);
  duckdb::CreateScalarFunctionInfo info(std::move(function));
  duckdb::Catalog::GetSystemCatalog(*connection.context).CreateFunction(*connection.context, info);
}

template <typename Integer>
void AddInteger(duckdb::Connection& connection, const char* name, const duckdb::LogicalType& type) {
  Add<Integer, PlainInteger<Integer>>(connection, name, type);
}

}  // namespace

void RegisterPlainCasts(duckdb::Connection& connection) {
  using Type = duckdb::LogicalType;
  connection.BeginTransaction();
  AddInteger<std::int8_t>(connection, "plain_tinyint", Type::TINYINT);
  AddInteger<std::int16_t>(connection, "plain_smallint", Type::SMALLINT);
  AddInteger<std::int32_t>(connection, "plain_integer", Type::INTEGER);
  AddInteger<std::int64_t>(connection, "plain_bigint", Type::BIGINT);
  AddInteger<std::uint8_t>(connection, "plain_utinyint", Type::UTINYINT);
  AddInteger<std::uint16_t>(connection, "plain_usmallint", Type::USMALLINT);
  AddInteger<std::uint32_t>(connection, "plain_uinteger", Type::UINTEGER);
  AddInteger<std::uint64_t>(connection, "plain_ubigint", Type::UBIGINT);
  Add<duckdb::timestamp_t, PlainTimestamp>(connection, "plain_timestamp", Type::TIMESTAMP);
  Add<duckdb::timestamp_t, PlainInstant>(connection, "plain_timestamptz", Type::TIMESTAMP_TZ);
  connection.Commit();
}

}  // namespace weir::engine
