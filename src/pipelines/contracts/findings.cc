#include "pipelines/contracts/findings.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "contracts/row_rule.h"

namespace weir::pipelines {
namespace {

constexpr std::size_t kLongestValue = 80;

using datasets::CheckStatus;

CheckStatus StatusOf(const contracts::Check& check, const Finding& finding) {
  if (!finding.failed) return CheckStatus::kPassed;
  switch (check.on_fail) {
    case contracts::OnFail::kRefuse:
      return CheckStatus::kRefused;
    case contracts::OnFail::kQuarantine:
      return CheckStatus::kQuarantined;
    case contracts::OnFail::kWarn:
      return CheckStatus::kWarned;
  }
  return CheckStatus::kRefused;
}

std::string MessageOf(const contracts::Check& check, const Finding& finding) {
  if (!finding.failed) return {};
  if (!finding.message.empty()) return finding.message;
  return fmt::format("{}: {}", RowsInWords(finding.rows.value_or(0)), contracts::Wrong(check));
}

// Many rows may have the same wrong value.
std::vector<std::string> Different(const std::vector<std::string>& examples) {
  std::vector<std::string> different;
  for (const std::string& example : examples) {
    if (std::ranges::find(different, example) == different.end()) different.push_back(example);
  }
  return different;
}

}  // namespace

std::string RowsInWords(std::uint64_t rows) {
  return fmt::format("{} {}", rows, rows == 1 ? "row" : "rows");
}

std::string Shortened(std::string value) {
  if (value.size() <= kLongestValue) return value;
  std::size_t end = kLongestValue;
  while (end > 0 && (static_cast<unsigned char>(value[end]) & 0xC0) == 0x80) --end;
  value.resize(end);
  return value + "...";
}

void AddFindings(Findings& findings, const Findings& more) {
  if (findings.size() < more.size()) findings.resize(more.size());
  for (std::size_t i = 0; i < more.size(); ++i) {
    Finding& to = findings[i];
    const Finding& from = more[i];
    to.asked = to.asked || from.asked;
    to.failed = to.failed || from.failed;
    if (from.rows) to.rows = to.rows.value_or(0) + *from.rows;
    for (const std::string& example : from.examples) {
      if (to.examples.size() < kMostExamples) to.examples.push_back(example);
    }
    if (to.message.empty()) to.message = from.message;
  }
}

bool Refuses(const contracts::Contract& contract, const Findings& findings) {
  for (std::size_t i = 0; i < findings.size(); ++i) {
    if (findings[i].failed && contract[i].on_fail == contracts::OnFail::kRefuse) return true;
  }
  return false;
}

Error RefusalOf(const contracts::Contract& contract, const Findings& findings,
                const std::string& what) {
  std::vector<std::string> reasons;
  bool rows_fail = true;
  for (std::size_t i = 0; i < findings.size(); ++i) {
    const Finding& finding = findings[i];
    if (!finding.failed || contract[i].on_fail != contracts::OnFail::kRefuse) continue;
    rows_fail = rows_fail && contracts::FailsRows(contract[i].rule);
    std::string reason =
        fmt::format("check {}: {}", contract[i].name, MessageOf(contract[i], finding));
    if (!finding.examples.empty()) {
      reason += fmt::format(" ({}{})", fmt::join(Different(finding.examples), "; "),
                            finding.rows.value_or(0) > finding.examples.size() ? "; ..." : "");
    }
    reasons.push_back(std::move(reason));
  }
  return Invalid("{}: {}", what, fmt::join(reasons, "; "))
      .WithHint(fmt::format("nothing was committed; correct the rows, or say onFail: {}",
                            rows_fail ? "quarantine or warn" : "warn"));
}

std::vector<datasets::CheckResult> ResultsOf(const contracts::Contract& contract,
                                             const Findings& findings) {
  std::vector<datasets::CheckResult> results;
  for (std::size_t i = 0; i < contract.size(); ++i) {
    if (i >= findings.size() || !findings[i].asked) continue;
    const Finding& finding = findings[i];
    const contracts::Rule& rule = contract[i].rule;
    datasets::CheckResult result{.check = contract[i].name,
                                 .kind = contracts::KindOf(rule),
                                 .status = StatusOf(contract[i], finding),
                                 .failing = finding.rows,
                                 .message = MessageOf(contract[i], finding)};
    if (!result.failing && contracts::FailsRows(rule)) result.failing = 0;
    results.push_back(std::move(result));
  }
  return results;
}

}  // namespace weir::pipelines
