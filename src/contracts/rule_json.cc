#include "contracts/rule_json.h"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <charconv>
#include <set>

#include "contracts/check_json.h"
#include "engine/checked_select.h"

namespace weir::contracts {
namespace {

namespace json = boost::json;

// Seconds of the units of an age, the largest first.
struct AgeUnit {
  char letter;
  std::int64_t seconds;
};
constexpr AgeUnit kAgeUnits[] = {
    {'w', 7 * 24 * 3600}, {'d', 24 * 3600}, {'h', 3600}, {'m', 60}, {'s', 1}};

std::string AgeText(std::chrono::seconds age) {
  for (const AgeUnit& unit : kAgeUnits) {
    if (age.count() % unit.seconds == 0) {
      return fmt::format("{}{}", age.count() / unit.seconds, unit.letter);
    }
  }
  return {};
}

Result<std::string> Text(const json::object& object, const char* key) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr || !value->is_string() || value->get_string().empty()) {
    return Invalid("it needs {}", key);
  }
  return std::string(std::string_view(value->get_string()));
}

Result<std::vector<std::string>> Names(const json::value& value, const char* of) {
  std::vector<std::string> names;
  std::set<std::string> seen;
  if (value.is_array()) {
    for (const json::value& each : value.get_array()) {
      if (!each.is_string() || each.get_string().empty())
        return Invalid("it needs names of {}", of);
      names.emplace_back(std::string_view(each.get_string()));
      if (!seen.insert(names.back()).second) return Invalid("{} is named twice", names.back());
    }
  }
  if (names.empty()) return Invalid("it names no {}", of);
  return names;
}

bool IsScalar(const json::value& value) {
  return value.is_number() || value.is_string() || value.is_bool();
}

Result<std::optional<json::value>> Bound(const json::object& object, const char* key) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr) return std::optional<json::value>();
  if (!value->is_number() && !value->is_string()) {
    return Invalid("{} is neither a number nor a text", key);
  }
  return std::optional(*value);
}

Result<std::optional<std::uint64_t>> Count(const json::object& object, const char* key) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr) return std::optional<std::uint64_t>();
  boost::system::error_code failed;
  const auto number = value->to_number<std::int64_t>(failed);
  if (failed || number < 0) return Invalid("{} is no number of rows", key);
  return std::optional(static_cast<std::uint64_t>(number));
}

Result<Rule> AcceptedValuesFrom(const json::object& object) {
  AcceptedValues rule;
  ASSIGN_OR_RETURN(rule.column, Text(object, "column"));
  const json::value* values = object.if_contains("values");
  if (values == nullptr || !values->is_array() || values->get_array().empty()) {
    return Invalid("it accepts no value").WithHint("values: [open, closed]");
  }
  for (const json::value& value : values->get_array()) {
    if (!IsScalar(value)) return Invalid("an accepted value is a text, a number, true or false");
    rule.values.push_back(value);
  }
  return Rule(std::move(rule));
}

Result<Rule> RangeFrom(const json::object& object) {
  Range rule;
  ASSIGN_OR_RETURN(rule.column, Text(object, "column"));
  ASSIGN_OR_RETURN(rule.min, Bound(object, "min"));
  ASSIGN_OR_RETURN(rule.max, Bound(object, "max"));
  if (!rule.min && !rule.max) return Invalid("it needs min, max or both");
  const bool are_numbers = rule.min && rule.max && rule.min->is_number() && rule.max->is_number();
  if (are_numbers && rule.min->to_number<double>() > rule.max->to_number<double>()) {
    return Invalid("nothing lies between min and max: min is the larger one");
  }
  return Rule(std::move(rule));
}

Result<Rule> MatchesFrom(const json::object& object) {
  Matches rule;
  ASSIGN_OR_RETURN(rule.column, Text(object, "column"));
  ASSIGN_OR_RETURN(rule.pattern, Text(object, "pattern"));
  return Rule(std::move(rule));
}

Result<Rule> RowCountFrom(const json::object& object) {
  RowCount rule;
  ASSIGN_OR_RETURN(rule.min, Count(object, "min"));
  ASSIGN_OR_RETURN(rule.max, Count(object, "max"));
  if (!rule.min && !rule.max) return Invalid("it needs min, max or both");
  if (rule.min && rule.max && *rule.min > *rule.max) {
    return Invalid("no number of rows lies between min and max: min is the larger one");
  }
  if (object.contains("of")) {
    ASSIGN_OR_RETURN(const std::string of, Text(object, "of"));
    if (of != "state" && of != "batch") return Invalid("of is state or batch, not {}", of);
    if (of == "batch") rule.of = RowCount::Of::kBatch;
  }
  return Rule(rule);
}

Result<Rule> FreshnessFrom(const json::object& object) {
  ASSIGN_OR_RETURN(const std::string text, Text(object, "maxAge"));
  ASSIGN_OR_RETURN(const auto age, AgeFromText(text));
  return Rule(Freshness{.max_age = age});
}

Result<Rule> ReferencesFrom(const json::object& object) {
  References rule;
  ASSIGN_OR_RETURN(rule.column, Text(object, "column"));
  ASSIGN_OR_RETURN(rule.dataset, Text(object, "dataset"));
  ASSIGN_OR_RETURN(rule.key, Text(object, "key"));
  return Rule(std::move(rule));
}

Result<Rule> NoRowsFrom(const json::object& object) {
  NoRows rule;
  ASSIGN_OR_RETURN(rule.query, Text(object, "query"));
  if (const json::value* reads = object.if_contains("reads")) {
    ASSIGN_OR_RETURN(rule.reads, Names(*reads, "dataset"));
  }
  for (const std::string& name : rule.reads) {
    if (name == "this" || name == "new_rows")
      return Invalid("{} is read without being named", name);
  }
  std::vector<std::string> tables = {"this", "new_rows"};
  tables.insert(tables.end(), rule.reads.begin(), rule.reads.end());
  const auto checked = engine::CheckSelect(rule.query, tables);
  if (!checked) {
    return Invalid("{}", checked.error().message)
        .WithHint(fmt::format("a query over {}; other datasets are named in reads",
                              fmt::join(tables, ", ")));
  }
  return Rule(std::move(rule));
}

struct ToJsonOf {
  static json::value Names(const std::vector<std::string>& names) {
    return json::array(names.begin(), names.end());
  }
  json::value operator()(const NotNull& rule) const { return Names(rule.columns); }
  json::value operator()(const Unique& rule) const { return Names(rule.columns); }
  json::value operator()(const AcceptedValues& rule) const {
    return json::object{{"column", rule.column},
                        {"values", json::array(rule.values.begin(), rule.values.end())}};
  }
  json::value operator()(const Range& rule) const {
    json::object object{{"column", rule.column}};
    if (rule.min) object["min"] = *rule.min;
    if (rule.max) object["max"] = *rule.max;
    return object;
  }
  json::value operator()(const Matches& rule) const {
    return json::object{{"column", rule.column}, {"pattern", rule.pattern}};
  }
  json::value operator()(const RowCount& rule) const {
    json::object object;
    if (rule.of == RowCount::Of::kBatch) object["of"] = "batch";
    if (rule.min) object["min"] = *rule.min;
    if (rule.max) object["max"] = *rule.max;
    return object;
  }
  json::value operator()(const Freshness& rule) const {
    return json::object{{"maxAge", AgeText(rule.max_age)}};
  }
  json::value operator()(const References& rule) const {
    return json::object{{"column", rule.column}, {"dataset", rule.dataset}, {"key", rule.key}};
  }
  json::value operator()(const NoRows& rule) const {
    json::object object{{"query", rule.query}};
    if (!rule.reads.empty()) object["reads"] = Names(rule.reads);
    return object;
  }
};

}  // namespace

Result<std::chrono::seconds> AgeFromText(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  if (failed == std::errc() && number > 0 && number <= 1'000'000 && unit.size() == 1) {
    for (const AgeUnit& known : kAgeUnits) {
      if (known.letter == unit[0]) return std::chrono::seconds(number * known.seconds);
    }
  }
  return Invalid("{} is no age", text).WithHint("90s, 15m, 2h, 3d or 1w");
}

Result<Rule> RuleFromJson(std::string_view kind, const json::value& json) {
  if (kind == "notNull") {
    ASSIGN_OR_RETURN(auto columns, Names(json, "column"));
    return Rule(NotNull{std::move(columns)});
  }
  if (kind == "unique") {
    ASSIGN_OR_RETURN(auto columns, Names(json, "column"));
    return Rule(Unique{std::move(columns)});
  }
  if (!json.is_object()) return Invalid("it is no mapping");
  const json::object& object = json.get_object();
  if (kind == "acceptedValues") return AcceptedValuesFrom(object);
  if (kind == "range") return RangeFrom(object);
  if (kind == "matches") return MatchesFrom(object);
  if (kind == "rowCount") return RowCountFrom(object);
  if (kind == "freshness") return FreshnessFrom(object);
  if (kind == "references") return ReferencesFrom(object);
  return NoRowsFrom(object);
}

json::value ToJson(const Rule& rule) { return std::visit(ToJsonOf(), rule); }

}  // namespace weir::contracts
