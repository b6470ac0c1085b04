#include "contracts/check.h"

#include <algorithm>
#include <array>

namespace weir::contracts {

const char* KindOf(const Rule& rule) {
  static constexpr std::array<const char*, std::variant_size_v<Rule>> kNames = {
      "notNull",  "unique",    "acceptedValues", "range", "matches",
      "rowCount", "freshness", "references",     "sql"};
  return kNames[rule.index()];
}

const char* NameOf(OnFail on_fail) {
  switch (on_fail) {
    case OnFail::kRefuse:
      return "refuse";
    case OnFail::kQuarantine:
      return "quarantine";
    case OnFail::kWarn:
      return "warn";
  }
  return "refuse";
}

bool JudgesRows(const Rule& rule) {
  return std::holds_alternative<NotNull>(rule) || std::holds_alternative<AcceptedValues>(rule) ||
         std::holds_alternative<Range>(rule) || std::holds_alternative<Matches>(rule);
}

bool FailsRows(const Rule& rule) {
  return JudgesRows(rule) || std::holds_alternative<Unique>(rule) ||
         std::holds_alternative<References>(rule);
}

std::vector<std::string> ColumnsOf(const Rule& rule) {
  return std::visit(
      [](const auto& check) -> std::vector<std::string> {
        if constexpr (requires { check.columns; }) return check.columns;
        if constexpr (requires { check.column; }) return {check.column};
        return {};
      },
      rule);
}

std::vector<std::string> DatasetsOf(const Rule& rule) {
  if (const auto* references = std::get_if<References>(&rule)) return {references->dataset};
  if (const auto* query = std::get_if<NoRows>(&rule)) return query->reads;
  return {};
}

bool Quarantines(const Contract& contract) {
  return std::ranges::any_of(
      contract, [](const Check& check) { return check.on_fail == OnFail::kQuarantine; });
}

}  // namespace weir::contracts
