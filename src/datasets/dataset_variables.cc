#include "datasets/dataset_variables.h"

#include <algorithm>
#include <string_view>

namespace weir::datasets {
namespace {

namespace json = boost::json;

constexpr std::size_t kMostNameBytes = 128;

bool IsVariableName(std::string_view name) {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  return !name.empty() && name.size() <= kMostNameBytes && is_letter(name.front()) &&
         std::ranges::all_of(name, [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); });
}

Result<std::string> TextAt(const json::object& object, std::string_view key,
                           std::string_view variable) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr || !value->is_string() || value->get_string().empty()) {
    return Invalid("variables.{}: a secret's value needs secret and key", variable)
        .WithHint("{secret: NAME, key: KEY}");
  }
  return std::string(std::string_view(value->get_string()));
}

}  // namespace

Result<DatasetVariables> DatasetVariablesFromJson(const json::object& object) {
  DatasetVariables variables;
  for (const auto& member : object) {
    const std::string name(member.key());
    if (!IsVariableName(name)) {
      return Invalid("variables: {} is no name of a variable", name)
          .WithHint("letters, digits and _, a letter first");
    }
    if (member.value().is_string()) {
      variables[name] = std::string(std::string_view(member.value().get_string()));
      continue;
    }
    if (!member.value().is_object()) {
      return Invalid("variables.{} is neither a text nor a secret's value", name);
    }
    const json::object& reference = member.value().get_object();
    SecretReference secret;
    ASSIGN_OR_RETURN(secret.secret, TextAt(reference, "secret", name));
    ASSIGN_OR_RETURN(secret.key, TextAt(reference, "key", name));
    variables[name] = std::move(secret);
  }
  return variables;
}

json::object ToJson(const DatasetVariables& variables) {
  json::object object;
  for (const auto& [name, value] : variables) {
    if (const auto* text = std::get_if<std::string>(&value)) {
      object[name] = *text;
    } else {
      const auto& secret = std::get<SecretReference>(value);
      object[name] = json::object{{"secret", secret.secret}, {"key", secret.key}};
    }
  }
  return object;
}

}  // namespace weir::datasets
