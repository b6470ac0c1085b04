#include "api/parameter_reader.h"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <charconv>
#include <optional>
#include <string_view>

#include "api/utf8.h"
#include "base/nearest.h"

namespace weir::api {
namespace {

namespace json = boost::json;

// The text as the JSON value its schema speaks of; a text that cannot be one stays a text, which
// the check then refuses.
json::value Typed(std::string_view text, const schema::Schema& schema) {
  const auto* type = schema.if_contains("type");
  if (type == nullptr) return json::value(text);
  if (*type == "boolean" && (text == "true" || text == "false")) return text == "true";
  if (*type == "integer") {
    std::int64_t number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failed == std::errc() && end == text.data() + text.size()) return number;
  }
  return json::value(text);
}

class Reader {
 public:
  explicit Reader(const Route& route) : route_(route) {}

  void Take(Parameter::In in, std::string_view name, std::string_view text) {
    const Parameter* parameter = Find(in, name);
    if (parameter == nullptr) return AddUnknown(name);
    if (!IsUtf8(text)) return Add(name, "it is not UTF-8");
    json::object& values = read_.values;
    if (const auto* items = parameter->schema.if_contains("items")) {
      auto& slot = values[parameter->name];
      if (!slot.is_array()) slot.emplace_array();
      slot.get_array().push_back(Typed(text, items->as_object()));
    } else if (values.contains(parameter->name)) {
      Add(name, "it may be given only once");
    } else {
      values[parameter->name] = Typed(text, parameter->schema);
    }
  }

  ReadParameters Finish() && {
    for (const Parameter& parameter : route_.parameters) {
      if (const auto* given = read_.values.if_contains(parameter.name)) {
        for (Violation& violation : Check(*given, parameter.schema, {})) {
          violation.path = parameter.name;
          read_.violations.push_back(std::move(violation));
        }
      } else if (const auto* fallback = parameter.schema.if_contains("default")) {
        read_.values[parameter.name] = *fallback;
      } else if (parameter.required) {
        Add(parameter.name, "it is missing");
      }
    }
    return std::move(read_);
  }

 private:
  const Parameter* Find(Parameter::In in, std::string_view name) const {
    for (const Parameter& parameter : route_.parameters) {
      if (parameter.in == in && parameter.name == name) return &parameter;
    }
    return nullptr;
  }

  void Add(std::string_view name, std::string message) {
    read_.violations.push_back({std::string(name), std::move(message)});
  }

  void AddUnknown(std::string_view name) {
    std::vector<std::string_view> known;
    for (const Parameter& parameter : route_.parameters) {
      if (parameter.in == Parameter::In::kQuery) known.push_back(parameter.name);
    }
    const auto nearest = Nearest(name, known);
    std::string hint = known.empty() ? "there are none here" : "there are: " + Joined(known);
    if (nearest) hint = fmt::format("did you mean `{}`?", *nearest);
    read_.violations.push_back({std::string(name.substr(0, 100)), "no such parameter here", hint});
  }

  static std::string Joined(const std::vector<std::string_view>& words) {
    return fmt::format("{}", fmt::join(words, ", "));
  }

  const Route& route_;
  ReadParameters read_;
};

}  // namespace

ReadParameters Read(const Route& route, const Request& request,
                    const std::vector<std::pair<std::string, std::string>>& captures) {
  Reader reader(route);
  for (const auto& [name, text] : captures) reader.Take(Parameter::In::kPath, name, text);
  for (const auto& [name, text] : request.query) reader.Take(Parameter::In::kQuery, name, text);
  for (const Parameter& parameter : route.parameters) {
    if (parameter.in != Parameter::In::kHeader) continue;
    if (const auto text = request.headers.Get(parameter.name)) {
      reader.Take(Parameter::In::kHeader, parameter.name, *text);
    }
  }
  return std::move(reader).Finish();
}

}  // namespace weir::api
