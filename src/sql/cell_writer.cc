#include "sql/cell_writer.h"

#include <arrow/api.h>
#include <arrow/util/decimal.h>

#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>
#include <vector>

#include "base/hex.h"
#include "base/json_string.h"
#include "slices/time_unit.h"
#include "sql/time_text.h"

namespace weir::sql {
namespace {

template <typename Number>
void AppendNumber(std::string& out, Number value) {
  char text[40];
  const auto end = std::to_chars(text, text + sizeof(text), value);
  out.append(text, end.ptr);
}

// A writer from a function of (row, out).
template <typename Function>
class Cells final : public CellWriter {
 public:
  explicit Cells(Function write) : write_(std::move(write)) {}
  void Write(std::int64_t row, std::string& out) const override { write_(row, out); }

 private:
  Function write_;
};

template <typename Function>
std::unique_ptr<CellWriter> Make(Function write) {
  return std::make_unique<Cells<Function>>(std::move(write));
}

template <typename Array>
std::unique_ptr<CellWriter> Numbers(const arrow::Array& array) {
  const auto* values = static_cast<const Array&>(array).raw_values();
  return Make([values](std::int64_t row, std::string& out) { AppendNumber(out, values[row]); });
}

template <typename Array>
std::unique_ptr<CellWriter> Floats(const arrow::Array& array) {
  const auto* values = static_cast<const Array&>(array).raw_values();
  return Make([values](std::int64_t row, std::string& out) {
    const auto value = values[row];
    if (std::isfinite(value)) return AppendNumber(out, value);
    out += std::isnan(value) ? "\"NaN\"" : value > 0 ? "\"Infinity\"" : "\"-Infinity\"";
  });
}

template <typename Array>
std::unique_ptr<CellWriter> Texts(const arrow::Array& array) {
  const auto& texts = static_cast<const Array&>(array);
  return Make(
      [&texts](std::int64_t row, std::string& out) { AppendJsonString(out, texts.GetView(row)); });
}

template <typename Array>
std::unique_ptr<CellWriter> Binaries(const arrow::Array& array) {
  const auto& binaries = static_cast<const Array&>(array);
  return Make([&binaries](std::int64_t row, std::string& out) {
    const std::string_view bytes = binaries.GetView(row);
    out += '"';
    out += ToHex({reinterpret_cast<const std::byte*>(bytes.data()), bytes.size()});
    out += '"';
  });
}

// A text in quotes that needs no escapes.
template <typename Append>
std::unique_ptr<CellWriter> Quoted(Append append) {
  return Make([append](std::int64_t row, std::string& out) {
    out += '"';
    append(row, out);
    out += '"';
  });
}

std::unique_ptr<CellWriter> Timestamps(const arrow::Array& array) {
  const auto& type = static_cast<const arrow::TimestampType&>(*array.type());
  const auto* values = static_cast<const arrow::TimestampArray&>(array).raw_values();
  return Quoted([values, per_second = slices::TicksPerSecond(type.unit()),
                 is_utc = !type.timezone().empty()](std::int64_t row, std::string& out) {
    AppendTimestamp(out, values[row], per_second, is_utc);
  });
}

template <typename Array, typename Type>
std::unique_ptr<CellWriter> TimesOfDay(const arrow::Array& array) {
  const auto per_second = slices::TicksPerSecond(static_cast<const Type&>(*array.type()).unit());
  const auto* values = static_cast<const Array&>(array).raw_values();
  return Quoted([values, per_second](std::int64_t row, std::string& out) {
    AppendTimeOfDay(out, values[row], per_second);
  });
}

std::unique_ptr<CellWriter> Decimals(const arrow::Array& array) {
  const auto& decimals = static_cast<const arrow::Decimal128Array&>(array);
  const auto& type = static_cast<const arrow::Decimal128Type&>(*array.type());
  const bool is_wide_integer = type.precision() == 38 && type.scale() == 0;
  return Make([&decimals, is_wide_integer](std::int64_t row, std::string& out) {
    if (is_wide_integer) {
      const arrow::Decimal128 value(decimals.GetValue(row));
      const auto low = static_cast<std::int64_t>(value.low_bits());
      if (value.high_bits() == (low < 0 ? -1 : 0)) return AppendNumber(out, low);
    }
    out += '"';
    out += decimals.FormatValue(row);
    out += '"';
  });
}

// Lists of any form: where the values of a row begin and how many there are.
template <typename Array>
std::unique_ptr<CellWriter> Lists(const arrow::Array& array) {
  const auto& lists = static_cast<const Array&>(array);
  return Make([&lists, values = std::shared_ptr<CellWriter>(JsonCells(*lists.values()))](
                  std::int64_t row, std::string& out) {
    out += '[';
    const std::int64_t first = lists.value_offset(row);
    const std::int64_t count = lists.value_length(row);
    for (std::int64_t i = 0; i < count; ++i) {
      if (i > 0) out += ',';
      values->Write(first + i, out);
    }
    out += ']';
  });
}

std::unique_ptr<CellWriter> Maps(const arrow::Array& array) {
  const auto& maps = static_cast<const arrow::MapArray&>(array);
  const bool has_text_keys = maps.keys()->type_id() == arrow::Type::STRING;
  return Make([&maps, has_text_keys, keys = std::shared_ptr<CellWriter>(JsonCells(*maps.keys())),
               items = std::shared_ptr<CellWriter>(JsonCells(*maps.items()))](std::int64_t row,
                                                                              std::string& out) {
    out += has_text_keys ? '{' : '[';
    const std::int64_t first = maps.value_offset(row);
    const std::int64_t end = first + maps.value_length(row);
    for (std::int64_t i = first; i < end; ++i) {
      if (i > first) out += ',';
      if (!has_text_keys) out += "{\"key\":";
      keys->Write(i, out);
      out += has_text_keys ? ":" : ",\"value\":";
      items->Write(i, out);
      if (!has_text_keys) out += '}';
    }
    out += has_text_keys ? '}' : ']';
  });
}

std::unique_ptr<CellWriter> Structs(const arrow::Array& array) {
  const auto& structs = static_cast<const arrow::StructArray&>(array);
  struct Member {
    std::string prefix;
    std::shared_ptr<arrow::Array> values;
    std::shared_ptr<CellWriter> cells;
  };
  std::vector<Member> members;
  for (int i = 0; i < structs.num_fields(); ++i) {
    Member member{.prefix = i == 0 ? "" : ",", .values = structs.field(i), .cells = {}};
    AppendJsonString(member.prefix, structs.struct_type()->field(i)->name());
    member.prefix += ':';
    member.cells = JsonCells(*member.values);
    members.push_back(std::move(member));
  }
  return Make([members = std::move(members)](std::int64_t row, std::string& out) {
    out += '{';
    for (const Member& member : members) {
      out += member.prefix;
      member.cells->Write(row, out);
    }
    out += '}';
  });
}

std::unique_ptr<CellWriter> Dictionaries(const arrow::Array& array) {
  const auto& words = static_cast<const arrow::DictionaryArray&>(array);
  return Make(
      [&words, values = std::shared_ptr<CellWriter>(JsonCells(*words.dictionary()))](
          std::int64_t row, std::string& out) { values->Write(words.GetValueIndex(row), out); });
}

// Whatever the engine gives beside these, as Arrow prints it.
std::unique_ptr<CellWriter> Others(const arrow::Array& array) {
  return Make([&array](std::int64_t row, std::string& out) {
    const auto value = array.GetScalar(row);
    AppendJsonString(out, value.ok() ? (*value)->ToString() : value.status().message());
  });
}

std::unique_ptr<CellWriter> ValueCells(const arrow::Array& array) {
  switch (array.type_id()) {
    case arrow::Type::BOOL:
      return Make([&array](std::int64_t row, std::string& out) {
        out += static_cast<const arrow::BooleanArray&>(array).Value(row) ? "true" : "false";
      });
    case arrow::Type::INT8:
      return Numbers<arrow::Int8Array>(array);
    case arrow::Type::INT16:
      return Numbers<arrow::Int16Array>(array);
    case arrow::Type::INT32:
      return Numbers<arrow::Int32Array>(array);
    case arrow::Type::INT64:
      return Numbers<arrow::Int64Array>(array);
    case arrow::Type::UINT8:
      return Numbers<arrow::UInt8Array>(array);
    case arrow::Type::UINT16:
      return Numbers<arrow::UInt16Array>(array);
    case arrow::Type::UINT32:
      return Numbers<arrow::UInt32Array>(array);
    case arrow::Type::UINT64:
      return Numbers<arrow::UInt64Array>(array);
    case arrow::Type::FLOAT:
      return Floats<arrow::FloatArray>(array);
    case arrow::Type::DOUBLE:
      return Floats<arrow::DoubleArray>(array);
    case arrow::Type::STRING:
      return Texts<arrow::StringArray>(array);
    case arrow::Type::LARGE_STRING:
      return Texts<arrow::LargeStringArray>(array);
    case arrow::Type::STRING_VIEW:
      return Texts<arrow::StringViewArray>(array);
    case arrow::Type::BINARY:
      return Binaries<arrow::BinaryArray>(array);
    case arrow::Type::LARGE_BINARY:
      return Binaries<arrow::LargeBinaryArray>(array);
    case arrow::Type::FIXED_SIZE_BINARY:
      return Binaries<arrow::FixedSizeBinaryArray>(array);
    case arrow::Type::DATE32:
      return Quoted([values = static_cast<const arrow::Date32Array&>(array).raw_values()](
                        std::int64_t row, std::string& out) { AppendDate(out, values[row]); });
    case arrow::Type::TIMESTAMP:
      return Timestamps(array);
    case arrow::Type::TIME32:
      return TimesOfDay<arrow::Time32Array, arrow::Time32Type>(array);
    case arrow::Type::TIME64:
      return TimesOfDay<arrow::Time64Array, arrow::Time64Type>(array);
    case arrow::Type::INTERVAL_MONTH_DAY_NANO:
      return Quoted([&array](std::int64_t row, std::string& out) {
        const auto value =
            static_cast<const arrow::MonthDayNanoIntervalArray&>(array).GetValue(row);
        AppendInterval(out, value.months, value.days, value.nanoseconds);
      });
    case arrow::Type::DECIMAL128:
      return Decimals(array);
    case arrow::Type::LIST:
      return Lists<arrow::ListArray>(array);
    case arrow::Type::LARGE_LIST:
      return Lists<arrow::LargeListArray>(array);
    case arrow::Type::FIXED_SIZE_LIST:
      return Lists<arrow::FixedSizeListArray>(array);
    case arrow::Type::MAP:
      return Maps(array);
    case arrow::Type::STRUCT:
      return Structs(array);
    case arrow::Type::DICTIONARY:
      return Dictionaries(array);
    default:
      return Others(array);
  }
}

// Nothing, or `null`, for what is null.
std::unique_ptr<CellWriter> WithNulls(const arrow::Array& array, std::unique_ptr<CellWriter> values,
                                      std::string_view null) {
  if (array.null_count() == 0 && array.type_id() != arrow::Type::NA) return values;
  return Make([&array, null, values = std::shared_ptr<CellWriter>(std::move(values))](
                  std::int64_t row, std::string& out) {
    if (array.IsNull(row)) {
      out += null;
    } else {
      values->Write(row, out);
    }
  });
}

template <typename Array>
std::unique_ptr<CellWriter> CsvTexts(const arrow::Array& array) {
  return Make([&texts = static_cast<const Array&>(array)](std::int64_t row, std::string& out) {
    AppendCsvText(out, texts.GetView(row));
  });
}

// From JSON: a text that needs no escapes is itself, nested values are JSON in quotes.
std::unique_ptr<CellWriter> CsvOfJson(const arrow::Array& array) {
  const bool nested = arrow::is_nested(array.type_id());
  return Make([nested, json = std::shared_ptr<CellWriter>(ValueCells(array)),
               scratch = std::make_shared<std::string>()](std::int64_t row, std::string& out) {
    scratch->clear();
    json->Write(row, *scratch);
    if (nested) return AppendCsvText(out, *scratch);
    std::string_view text = *scratch;
    if (text.size() >= 2 && text.front() == '"') text = text.substr(1, text.size() - 2);
    out += text;
  });
}

std::unique_ptr<CellWriter> CsvValueCells(const arrow::Array& array) {
  switch (array.type_id()) {
    case arrow::Type::STRING:
      return CsvTexts<arrow::StringArray>(array);
    case arrow::Type::LARGE_STRING:
      return CsvTexts<arrow::LargeStringArray>(array);
    case arrow::Type::STRING_VIEW:
      return CsvTexts<arrow::StringViewArray>(array);
    case arrow::Type::DICTIONARY: {
      const auto& words = static_cast<const arrow::DictionaryArray&>(array);
      return Make([&words, values = std::shared_ptr<CellWriter>(CsvCells(*words.dictionary()))](
                      std::int64_t row, std::string& out) {
        values->Write(words.GetValueIndex(row), out);
      });
    }
    default:
      return CsvOfJson(array);
  }
}

}  // namespace

void AppendCsvText(std::string& out, std::string_view text) {
  if (!text.empty() && text.find_first_of(",\"\r\n") == std::string_view::npos) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

std::unique_ptr<CellWriter> JsonCells(const arrow::Array& array) {
  return WithNulls(array, ValueCells(array), "null");
}

std::unique_ptr<CellWriter> CsvCells(const arrow::Array& array) {
  return WithNulls(array, CsvValueCells(array), "");
}

}  // namespace weir::sql
