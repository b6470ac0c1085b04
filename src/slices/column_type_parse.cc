#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <optional>
#include <vector>

#include "slices/column_type.h"

namespace weir::slices {
namespace {

using odf::DataType;

template <typename T>
DataType Make() {
  DataType type;
  type.value.emplace<T>();
  return type;
}

struct PlainName {
  std::string_view name;
  DataType (*make)();
};

constexpr std::array<PlainName, 29> kPlainNames = {{
    {"BOOLEAN", Make<odf::DataTypeBool>},     {"BOOL", Make<odf::DataTypeBool>},
    {"TINYINT", Make<odf::DataTypeInt8>},     {"BYTE", Make<odf::DataTypeInt8>},
    {"SMALLINT", Make<odf::DataTypeInt16>},   {"SHORT", Make<odf::DataTypeInt16>},
    {"INTEGER", Make<odf::DataTypeInt32>},    {"INT", Make<odf::DataTypeInt32>},
    {"BIGINT", Make<odf::DataTypeInt64>},     {"LONG", Make<odf::DataTypeInt64>},
    {"UTINYINT", Make<odf::DataTypeUInt8>},   {"USMALLINT", Make<odf::DataTypeUInt16>},
    {"UINTEGER", Make<odf::DataTypeUInt32>},  {"UBIGINT", Make<odf::DataTypeUInt64>},
    {"FLOAT", Make<odf::DataTypeFloat32>},    {"REAL", Make<odf::DataTypeFloat32>},
    {"DOUBLE", Make<odf::DataTypeFloat64>},   {"DATE", Make<odf::DataTypeDate>},
    {"STRING", Make<odf::DataTypeString>},    {"VARCHAR", Make<odf::DataTypeString>},
    {"CHAR", Make<odf::DataTypeString>},      {"TEXT", Make<odf::DataTypeString>},
    {"UUID", Make<odf::DataTypeString>},      {"JSON", Make<odf::DataTypeString>},
    {"ENUM", Make<odf::DataTypeString>},      {"BLOB", Make<odf::DataTypeBinary>},
    {"BYTEA", Make<odf::DataTypeBinary>},     {"BINARY", Make<odf::DataTypeBinary>},
    {"VARBINARY", Make<odf::DataTypeBinary>},
}};

DataType Optional(DataType type) { return {odf::DataTypeOption{.inner = std::move(type)}}; }

DataType TimestampOf(odf::TimeUnit unit, std::string timezone) {
  return {odf::DataTypeTimestamp{.unit = unit, .timezone = std::move(timezone)}};
}

class TypeParser {
 public:
  TypeParser(std::string_view column, std::string_view text)
      : path_(column), whole_(text), text_(text) {}

  Result<DataType> Whole() {
    ASSIGN_OR_RETURN(DataType type, Type());
    Skip();
    if (!text_.empty()) return Broken();
    return type;
  }

 private:
  static constexpr int kMaxDepth = 32;

  Error Broken() const { return Invalid("column {}: {} is no type", path_, whole_); }
  Error Impossible(std::string_view name) const {
    return Unimplemented("column {}: the type {} cannot be kept in a dataset", path_, name)
        .WithHint(fmt::format("cast it in the preprocess query, or use to_json(\"{}\")", path_));
  }

  void Skip() {
    while (!text_.empty() && std::isspace(static_cast<unsigned char>(text_[0]))) {
      text_.remove_prefix(1);
    }
  }
  bool Take(char wanted) {
    Skip();
    if (!text_.starts_with(wanted)) return false;
    text_.remove_prefix(1);
    return true;
  }
  // The next word in upper case, empty when there is none.
  std::string Word() {
    Skip();
    std::size_t length = 0;
    while (length < text_.size() &&
           (std::isalnum(static_cast<unsigned char>(text_[length])) || text_[length] == '_')) {
      ++length;
    }
    std::string word(text_.substr(0, length));
    text_.remove_prefix(length);
    std::ranges::transform(word, word.begin(),
                           [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return word;
  }
  bool TakeWords(std::initializer_list<std::string_view> words) {
    const std::string_view before = text_;
    for (const std::string_view word : words) {
      if (Word() != word) {
        text_ = before;
        return false;
      }
    }
    return true;
  }
  std::optional<std::uint32_t> Number() {
    Skip();
    std::uint32_t number = 0;
    const auto parsed = std::from_chars(text_.data(), text_.data() + text_.size(), number);
    if (parsed.ec != std::errc()) return std::nullopt;
    text_.remove_prefix(static_cast<std::size_t>(parsed.ptr - text_.data()));
    return number;
  }

  Result<DataType> Type() {
    if (++depth_ > kMaxDepth) return Invalid("column {}: nested too deeply", path_);
    ASSIGN_OR_RETURN(DataType type, Named());
    while (Take('[')) {
      odf::DataTypeList list{.item_type = Optional(std::move(type))};
      if (const auto length = Number()) list.fixed_length = *length;
      if (!Take(']')) return Broken();
      type = {std::move(list)};
    }
    --depth_;
    return type;
  }

  Result<DataType> Named() {
    const std::string name = Word();
    if (name == "TIMESTAMP" || name == "DATETIME" || name == "TIMESTAMPTZ") return Timestamps(name);
    if (name == "TIMESTAMP_S") return TimestampOf(odf::TimeUnit::kSecond, "");
    if (name == "TIMESTAMP_MS") return TimestampOf(odf::TimeUnit::kMillisecond, "");
    if (name == "TIMESTAMP_NS") return TimestampOf(odf::TimeUnit::kNanosecond, "");
    if (name == "TIME") return Times();
    if (name == "DECIMAL" || name == "NUMERIC") return Decimal();
    if (name == "STRUCT" || name == "ROW") return Struct();
    if (name == "ARRAY") return AngleArray();
    const auto plain = std::ranges::find(kPlainNames, name, &PlainName::name);
    if (plain == kPlainNames.end()) {
      // The engine's name for the type of what is only ever null.
      const bool is_null = name.empty() && whole_ == "\"NULL\"";
      if (name.empty() && !is_null) return Broken();
      return Impossible(is_null ? "NULL" : std::string_view(name));
    }
    if (name == "DOUBLE") TakeWords({"PRECISION"});
    RETURN_IF_ERROR(SkipArguments());
    return plain->make();
  }

  // The length of VARCHAR(20), the values of ENUM('a', 'b').
  Status SkipArguments() {
    if (!Take('(')) return Ok();
    bool quoted = false;
    while (!text_.empty()) {
      const char c = text_[0];
      text_.remove_prefix(1);
      if (c == '\'') quoted = !quoted;
      if (c == ')' && !quoted) return Ok();
    }
    return Broken();
  }

  Result<DataType> Timestamps(const std::string& name) {
    RETURN_IF_ERROR(SkipArguments());
    const bool zoned = name == "TIMESTAMPTZ" || TakeWords({"WITH", "TIME", "ZONE"});
    if (!zoned) TakeWords({"WITHOUT", "TIME", "ZONE"});
    return TimestampOf(odf::TimeUnit::kMicrosecond, zoned ? "UTC" : "");
  }

  Result<DataType> Times() {
    RETURN_IF_ERROR(SkipArguments());
    if (TakeWords({"WITH", "TIME", "ZONE"})) return Impossible("TIME WITH TIME ZONE");
    return DataType{odf::DataTypeTime{.unit = odf::TimeUnit::kMicrosecond}};
  }

  Result<DataType> Decimal() {
    odf::DataTypeDecimal decimal{.precision = 18, .scale = 3};
    if (Take('(')) {
      const auto precision = Number();
      if (!precision || *precision == 0 || *precision > 38) return Broken();
      decimal = {.precision = *precision, .scale = 0};
      if (Take(',')) {
        const auto scale = Number();
        if (!scale || *scale > *precision) return Broken();
        decimal.scale = static_cast<std::int32_t>(*scale);
      }
      if (!Take(')')) return Broken();
    }
    return DataType{decimal};
  }

  Result<DataType> AngleArray() {
    const bool angle = Take('<');
    if (!angle && !Take('(')) return Broken();
    ASSIGN_OR_RETURN(DataType item, Type());
    if (!Take(angle ? '>' : ')')) return Broken();
    return DataType{odf::DataTypeList{.item_type = Optional(std::move(item))}};
  }

  Result<DataType> Struct() {
    const bool angle = Take('<');
    if (!angle && !Take('(')) return Broken();
    odf::DataTypeStruct result;
    do {
      ASSIGN_OR_RETURN(std::string name, FieldName());
      Take(':');
      const std::string outside = path_;
      path_ += "." + name;
      ASSIGN_OR_RETURN(DataType type, Type());
      path_ = outside;
      const bool required = TakeWords({"NOT", "NULL"});
      result.fields.push_back(
          {.name = std::move(name), .type = required ? type : Optional(std::move(type))});
    } while (Take(','));
    if (!Take(angle ? '>' : ')')) return Broken();
    return DataType{std::move(result)};
  }

  Result<std::string> FieldName() {
    Skip();
    std::string name;
    if (Take('"')) {
      for (;;) {
        const std::size_t quote = text_.find('"');
        if (quote == std::string_view::npos) return Broken();
        name += text_.substr(0, quote);
        text_.remove_prefix(quote + 1);
        if (!text_.starts_with('"')) return name;
        name += '"';
        text_.remove_prefix(1);
      }
    }
    const std::string_view before = text_;
    const std::size_t length = Word().size();
    if (length == 0) return Broken();
    return std::string(before.substr(0, length));
  }

  std::string path_;
  std::string_view whole_;
  std::string_view text_;
  int depth_ = 0;
};

}  // namespace

Result<DataType> TypeFromSql(std::string_view column, std::string_view text) {
  return TypeParser(column, text).Whole();
}

}  // namespace weir::slices
