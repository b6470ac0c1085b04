#include <boost/beast/core/detail/base64.hpp>
#include <boost/json.hpp>
#include <limits>

#include "base/nearest.h"
#include "odf/describe.h"
#include "odf/json.h"

namespace weir::odf {
namespace {

namespace json = boost::json;

constexpr int kMaxDepth = 64;

bool EqualIgnoringCase(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) ==
           std::tolower(static_cast<unsigned char>(y));
  });
}

Error UnknownWord(const std::string& path, std::string_view what, std::string_view word,
                  const std::vector<std::string_view>& known) {
  std::string hint;
  if (const auto nearest = Nearest(word, known)) hint = fmt::format("did you mean {}?", *nearest);
  return Invalid("{}: unknown {} \"{}\"", path, what, word).WithHint(std::move(hint));
}

template <IsUnion T>
std::vector<std::string_view> KindsOf() {
  return []<typename... Alternative>(std::variant<Alternative...>*) {
    return std::vector<std::string_view>{Alternative::kKind...};
  }(static_cast<typename T::Union*>(nullptr));
}

// Reads a value of the manifests' form. Keeps the path to where it is, for errors.
class Reader {
 public:
  template <typename T>
  Status Read(const json::value& value, T& out) {
    if constexpr (IsBox<T>) {
      return Read(value, *out);
    } else if constexpr (IsOptional<T>) {
      if (value.is_null()) return Ok();
      return Read(value, out.emplace());
    } else if constexpr (IsUnion<T>) {
      return ReadUnion(value, out);
    } else if constexpr (IsEnum<T>) {
      return ReadEnum(value, out);
    } else if constexpr (IsVector<T> && !std::is_same_v<T, Bytes>) {
      return ReadVector(value, out);
    } else if constexpr (IsTable<T>) {
      return ReadTable(value, out);
    } else if constexpr (std::is_same_v<T, bool>) {
      if (!value.is_bool()) return Wrong("true or false");
      out = value.get_bool();
      return Ok();
    } else if constexpr (std::is_arithmetic_v<T>) {
      return ReadInteger(value, out);
    } else if constexpr (std::is_same_v<T, ExtraAttributes>) {
      if (!value.is_object()) return Wrong("an object");
      out.entries = SortedJson(value);
      return Ok();
    } else {
      if (!value.is_string()) return Wrong("a text");
      return ReadText(std::string(value.get_string()), out);
    }
  }

 private:
  Error Wrong(std::string_view wanted) const { return Invalid("{}: expected {}", Place(), wanted); }

  std::string Place() const { return path_.empty() ? "the document" : path_; }

  // Reads `value` as the part `step` of where we are.
  template <typename T>
  Status ReadPart(const std::string& step, const json::value& value, T& out) {
    const std::size_t length = path_.size();
    path_ += path_.empty() && step.front() == '.' ? step.substr(1) : step;
    if (++depth_ > kMaxDepth) return Invalid("{}: nested deeper than {}", path_, kMaxDepth);
    RETURN_IF_ERROR(Read(value, out));
    --depth_;
    path_.resize(length);
    return Ok();
  }

  template <IsTable T>
  Status ReadTable(const json::value& value, T& out) {
    if (!value.is_object()) return Wrong("an object");
    const json::object& object = value.get_object();
    std::vector<std::string_view> known;
    Status status;
    ForEachField<T>([&](const auto& field) {
      known.push_back(field.name);
      if (!status) return;
      using Member = std::remove_cvref_t<decltype(out.*field.member)>;
      if (const json::value* part = object.if_contains(field.name)) {
        status = ReadPart("." + std::string(field.name), *part, out.*field.member);
      } else if constexpr (!IsOptional<Member>) {
        if (!HasDefault(out, field.name)) {
          status = Invalid("{}: {} is missing", Place(), field.name);
        }
      }
    });
    RETURN_IF_ERROR(status);
    for (const auto& member : object) {
      const std::string_view key = member.key();
      if (std::find(known.begin(), known.end(), key) != known.end()) continue;
      if (key == "kind" && requires { T::kKind; }) continue;
      return UnknownWord(Place(), "key", key, known);
    }
    return Ok();
  }

  // The few members manifests may leave out although blocks always have them.
  template <typename T>
  static bool HasDefault(T& out, std::string_view name) {
    if constexpr (std::is_same_v<T, AddPushSource> || std::is_same_v<T, DisablePushSource>) {
      if (name == "sourceName") {
        out.source_name = "default";
        return true;
      }
    }
    return false;
  }

  template <IsUnion T>
  Status ReadUnion(const json::value& value, T& out) {
    if constexpr (std::is_same_v<T, DataType>) {
      if (value.is_string()) {  // the short form
        return ReadUnion(json::object{{"kind", value.get_string()}}, out);
      }
    }
    if (!value.is_object()) return Wrong("an object with `kind`");
    const json::value* kind = value.get_object().if_contains("kind");
    if (kind == nullptr || !kind->is_string()) {
      return Invalid("{}: kind is missing", Place())
          .WithHint(fmt::format("one of {}", fmt::join(KindsOf<T>(), ", ")));
    }
    return ReadAlternative<T, 0>(value, std::string_view(kind->get_string()), out);
  }

  template <IsUnion T, std::size_t Index>
  Status ReadAlternative(const json::value& value, std::string_view kind, T& out) {
    if constexpr (Index == std::variant_size_v<typename T::Union>) {
      return UnknownWord(Place(), "kind", kind, KindsOf<T>());
    } else {
      using Alternative = std::variant_alternative_t<Index, typename T::Union>;
      if (!EqualIgnoringCase(kind, Alternative::kKind)) {
        return ReadAlternative<T, Index + 1>(value, kind, out);
      }
      return ReadTable(value, out.value.template emplace<Index>());
    }
  }

  template <IsEnum T>
  Status ReadEnum(const json::value& value, T& out) {
    const auto names = NamesOf(T{});
    if (!value.is_string()) return Wrong(fmt::format("one of {}", fmt::join(names, ", ")));
    const std::string_view word = value.get_string();
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (EqualIgnoringCase(word, names[i])) {
        out = static_cast<T>(i);
        return Ok();
      }
    }
    return UnknownWord(Place(), "value", word, {names.begin(), names.end()});
  }

  template <typename Element>
  Status ReadVector(const json::value& value, std::vector<Element>& out) {
    if (!value.is_array()) return Wrong("a list");
    const json::array& array = value.get_array();
    for (std::size_t i = 0; i < array.size(); ++i) {
      RETURN_IF_ERROR(ReadPart(fmt::format("[{}]", i), array[i], out.emplace_back()));
    }
    return Ok();
  }

  template <typename T>
  Status ReadInteger(const json::value& value, T& out) {
    boost::system::error_code failed;
    out = value.is_number() ? value.to_number<T>(failed) : T{};
    if (!value.is_number() || failed) {
      return Wrong(fmt::format("a whole number from {} to {}", std::numeric_limits<T>::min(),
                               std::numeric_limits<T>::max()));
    }
    return Ok();
  }

  Status ReadText(std::string text, std::string& out) {
    out = std::move(text);
    return Ok();
  }
  Status ReadText(const std::string& text, Timestamp& out) {
    return Parsed(ParseTimestamp(text), out);
  }
  Status ReadText(const std::string& text, Multihash& out) {
    return Parsed(Multihash::Parse(text), out);
  }
  Status ReadText(const std::string& text, DatasetId& out) {
    return Parsed(DatasetId::Parse(text), out);
  }
  Status ReadText(const std::string& text, Bytes& out) {
    namespace base64 = boost::beast::detail::base64;
    const std::size_t digits = text.find_last_not_of('=') + 1;
    if (text.size() % 4 != 0 || text.size() - digits > 2) return Wrong("base64, padded");
    out.resize(base64::decoded_size(text.size()));
    const auto [written, read] = base64::decode(out.data(), text.data(), text.size());
    if (read < digits) return Wrong("base64, padded");
    out.resize(written);
    return Ok();
  }

  template <typename T>
  Status Parsed(Result<T> parsed, T& out) {
    if (!parsed) return Invalid("{}: {}", Place(), parsed.error().message);
    out = std::move(parsed).value();
    return Ok();
  }

  std::string path_;
  int depth_ = 0;
};

template <typename T>
Result<T> ReadWhole(const json::value& value) {
  T out;
  RETURN_IF_ERROR(Reader().Read(value, out));
  return out;
}

}  // namespace

Result<MetadataBlock> MetadataBlockFromJson(const json::value& value) {
  return ReadWhole<MetadataBlock>(value);
}
Result<MetadataEvent> MetadataEventFromJson(const json::value& value) {
  return ReadWhole<MetadataEvent>(value);
}
Result<DataSchema> DataSchemaFromJson(const json::value& value) {
  return ReadWhole<DataSchema>(value);
}
Result<DatasetSnapshot> DatasetSnapshotFromJson(const json::value& value) {
  return ReadWhole<DatasetSnapshot>(value);
}

}  // namespace weir::odf
