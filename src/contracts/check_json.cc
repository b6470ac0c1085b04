#include "contracts/check_json.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <set>

#include "contracts/rule_json.h"
#include "engine/checked_pattern.h"

namespace weir::contracts {
namespace {

namespace json = boost::json;

constexpr std::array<const char*, std::variant_size_v<Rule>> kKinds = {
    "notNull",  "unique",    "acceptedValues", "range", "matches",
    "rowCount", "freshness", "references",     "sql"};

// What a check without a name of its own is called.
std::string DefaultName(const Rule& rule) {
  const std::vector<std::string> columns = ColumnsOf(rule);
  return columns.empty() ? KindOf(rule)
                         : fmt::format("{}({})", KindOf(rule), fmt::join(columns, ", "));
}

Result<OnFail> OnFailFrom(const json::value& value) {
  for (const OnFail each : {OnFail::kRefuse, OnFail::kQuarantine, OnFail::kWarn}) {
    if (value.is_string() && value.get_string() == NameOf(each)) return each;
  }
  return Invalid("onFail is refuse, quarantine or warn");
}

Status CheckCanQuarantine(const Check& check) {
  if (check.on_fail != OnFail::kQuarantine || FailsRows(check.rule)) return Ok();
  return Invalid("{} fails for the batch as a whole: there are no rows to put in quarantine",
                 KindOf(check.rule))
      .WithHint("onFail: refuse or warn");
}

}  // namespace

Result<Check> CheckFromJson(const json::object& object) {
  Check check;
  bool has_rule = false;
  for (const char* kind : kKinds) {
    const json::value* rule = object.if_contains(kind);
    if (rule == nullptr) continue;
    if (has_rule) return Invalid("it has two rules, {} and {}", KindOf(check.rule), kind);
    auto read = RuleFromJson(kind, *rule);
    if (!read) {
      return Error{ErrorCode::kInvalid, fmt::format("{}: {}", kind, read.error().message),
                   read.error().hint};
    }
    check.rule = *std::move(read);
    has_rule = true;
  }
  if (!has_rule)
    return Invalid("it has no rule").WithHint(fmt::format("{}", fmt::join(kKinds, ", ")));
  if (const json::value* on_fail = object.if_contains("onFail")) {
    ASSIGN_OR_RETURN(check.on_fail, OnFailFrom(*on_fail));
  }
  RETURN_IF_ERROR(CheckCanQuarantine(check));
  check.name = DefaultName(check.rule);
  if (const json::value* name = object.if_contains("name")) {
    if (!name->is_string() || name->get_string().empty()) return Invalid("its name is no text");
    check.name = std::string_view(name->get_string());
  }
  return check;
}

json::object ToJson(const Check& check) {
  json::object object;
  if (check.name != DefaultName(check.rule)) object["name"] = check.name;
  object[KindOf(check.rule)] = ToJson(check.rule);
  if (check.on_fail != OnFail::kRefuse) object["onFail"] = NameOf(check.on_fail);
  return object;
}

Result<Contract> ContractFromJson(const json::array& array) {
  Contract contract;
  std::set<std::string> names;
  if (array.size() > kMostChecks) return Invalid("checks: more than {}", kMostChecks);
  for (const json::value& each : array) {
    auto check = each.is_object() ? CheckFromJson(each.get_object())
                                  : Result<Check>(Invalid("it is no mapping"));
    if (check && !names.insert(check->name).second) {
      check = Invalid("another check is called {} too", check->name).WithHint("give it a name");
    }
    if (!check) {
      Error error = check.error();
      error.message = fmt::format("checks[{}]: {}", contract.size(), error.message);
      return error;
    }
    contract.push_back(*std::move(check));
  }
  return contract;
}

json::array ToJson(const Contract& contract) {
  json::array array;
  for (const Check& check : contract) array.push_back(ToJson(check));
  return array;
}

Status CheckPatterns(const Contract& contract) {
  for (const Check& check : contract) {
    const auto* matches = std::get_if<Matches>(&check.rule);
    if (matches == nullptr) continue;
    const Status pattern = engine::CheckPattern(matches->pattern);
    if (!pattern) return Invalid("check {}: {}", check.name, pattern.error().message);
  }
  return Ok();
}

}  // namespace weir::contracts
