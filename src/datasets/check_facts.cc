#include "datasets/check_facts.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "datasets/check_results.h"

namespace weir::datasets {
namespace {

namespace json = boost::json;

bool IsStale(const contracts::Check& check, const odf::ChainState& chain, Timestamp now) {
  const auto* freshness = std::get_if<contracts::Freshness>(&check.rule);
  return freshness != nullptr && chain.has_data &&
         (!chain.watermark || now - *chain.watermark > freshness->max_age);
}

// What is known of one check: its result, or that it is stale by now.
json::object FactOf(const contracts::Check& check, const CheckedCommit* commit,
                    const odf::ChainState& chain, Timestamp now) {
  json::object fact{
      {"check", check.name}, {"onFail", NameOf(check.on_fail)}, {"status", "notAsked"}};
  if (commit != nullptr) {
    const auto found = std::ranges::find(commit->results, check.name, &CheckResult::check);
    if (found != commit->results.end()) {
      fact["status"] = NameOf(found->status);
      fact["time"] = FormatTimestamp(commit->time);
      if (found->failing) fact["failingRows"] = *found->failing;
      if (!found->message.empty()) fact["message"] = found->message;
    }
  }
  if (IsStale(check, chain, now)) {
    fact["status"] = "stale";
    fact["time"] = FormatTimestamp(now);
    fact["message"] = "the newest event is of " +
                      (chain.watermark ? FormatTimestamp(*chain.watermark) : "an unknown time");
  }
  return fact;
}

resources::Condition ConditionOf(const json::array& facts, const CheckedCommit* commit,
                                 Timestamp now) {
  std::vector<std::string> failing;
  bool is_refused = false;
  for (const json::value& fact : facts) {
    const std::string_view status = fact.at("status").as_string();
    if (status == "passed" || status == "notAsked") continue;
    std::string reason(std::string_view(fact.at("check").as_string()));
    if (const auto* message = fact.as_object().if_contains("message")) {
      reason += fmt::format(": {}", std::string_view(message->as_string()));
    }
    failing.push_back(std::move(reason));
    is_refused = is_refused || status == "refused";
  }
  resources::Condition condition{.type = "ChecksPass",
                                 .status = "True",
                                 .reason = commit == nullptr ? "NotAsked" : "Passed",
                                 .message = {},
                                 .since = commit == nullptr ? now : commit->time};
  if (failing.empty()) return condition;
  condition.status = "False";
  condition.reason = is_refused ? "BatchRefused" : "ChecksFailed";
  condition.message = fmt::format("{}", fmt::join(failing, "; "));
  return condition;
}

}  // namespace

Status AddCheckFacts(control::Snapshot& snapshot, const odf::DatasetId& id,
                     const odf::ChainState& chain, Timestamp now,
                     resources::ResourceStatus& status) {
  ASSIGN_OR_RETURN(const KeptContract contract, ReadContract(snapshot, id));
  if (contract.checks.empty()) return Ok();
  ASSIGN_OR_RETURN(const auto commits, ReadCheckedCommits(snapshot, id, 1));
  const CheckedCommit* newest = commits.empty() ? nullptr : &commits.front();
  json::array facts;
  for (const contracts::Check& check : contract.checks) {
    facts.push_back(FactOf(check, newest, chain, now));
  }
  status.conditions.push_back(ConditionOf(facts, newest, now));
  status.facts["checks"] = std::move(facts);
  return Ok();
}

}  // namespace weir::datasets
