#include <boost/beast/core/detail/base64.hpp>
#include <boost/json.hpp>

#include "odf/describe.h"
#include "odf/json.h"

namespace weir::odf {
namespace {

namespace json = boost::json;

std::string Base64(ByteView bytes) {
  namespace base64 = boost::beast::detail::base64;
  std::string text(base64::encoded_size(bytes.size()), '\0');
  text.resize(base64::encode(text.data(), bytes.data(), bytes.size()));
  return text;
}

template <typename T>
json::value Write(const T& value);

template <IsTable T>
json::object WriteTable(const T& table) {
  json::object object;
  if constexpr (requires { T::kKind; }) object["kind"] = T::kKind;
  ForEachField<T>([&](const auto& field) {
    const auto& member = table.*field.member;
    if constexpr (IsOptional<std::remove_cvref_t<decltype(member)>>) {
      if (member) object[field.name] = Write(*member);
    } else {
      object[field.name] = Write(member);
    }
  });
  return object;
}

// A block of a foreign writer may carry attributes that are no JSON: they are shown as they are.
json::value WriteExtra(const ExtraAttributes& extra) {
  boost::system::error_code failed;
  json::value parsed = json::parse(extra.entries, failed);
  return failed ? json::value(extra.entries) : parsed;
}

template <typename T>
json::value Write(const T& value) {
  if constexpr (IsBox<T>) {
    return Write(*value);
  } else if constexpr (IsUnion<T>) {
    return std::visit([](const auto& one) -> json::value { return WriteTable(one); }, value.value);
  } else if constexpr (IsEnum<T>) {
    return json::value(NamesOf(value).at(static_cast<std::size_t>(value)));
  } else if constexpr (std::is_same_v<T, Timestamp>) {
    return json::value(FormatTimestamp(value));
  } else if constexpr (std::is_same_v<T, Multihash>) {
    return json::value(value.ToText());
  } else if constexpr (std::is_same_v<T, DatasetId>) {
    return json::value(value.ToString());
  } else if constexpr (std::is_same_v<T, Bytes>) {
    return json::value(Base64(value));
  } else if constexpr (std::is_same_v<T, ExtraAttributes>) {
    return WriteExtra(value);
  } else if constexpr (IsVector<T>) {
    json::array array;
    for (const auto& element : value) array.push_back(Write(element));
    return array;
  } else if constexpr (IsTable<T>) {
    return WriteTable(value);
  } else {
    return json::value(value);
  }
}

}  // namespace

json::value ToJson(const MetadataBlock& block) { return Write(block); }
json::value ToJson(const MetadataEvent& event) { return Write(event); }
json::value ToJson(const DataSchema& schema) { return Write(schema); }
json::value ToJson(const DatasetSnapshot& snapshot) { return Write(snapshot); }

}  // namespace weir::odf
