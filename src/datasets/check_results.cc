#include "datasets/check_results.h"

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/json_reader.h"
#include "contracts/check_json.h"
#include "datasets/json_values.h"
#include "datasets/keys.h"

namespace weir::datasets {
namespace {

namespace json = boost::json;

constexpr std::array<const char*, 4> kStatusNames = {"passed", "warned", "quarantined", "refused"};

CheckStatus StatusNamed(std::string_view name) {
  for (std::size_t i = 0; i < kStatusNames.size(); ++i) {
    if (kStatusNames[i] == name) return static_cast<CheckStatus>(i);
  }
  throw std::invalid_argument("a status that there is not");
}

std::string Encode(const CheckedCommit& commit) {
  json::array results;
  for (const CheckResult& result : commit.results) {
    json::object object{
        {"check", result.check}, {"kind", result.kind}, {"status", NameOf(result.status)}};
    if (result.failing) object["failing"] = *result.failing;
    if (!result.message.empty()) object["message"] = result.message;
    results.push_back(std::move(object));
  }
  json::object object{{"time", Nanos(commit.time)}, {"results", std::move(results)}};
  if (commit.block) object["block"] = commit.block->ToText();
  return json::serialize(object);
}

Result<CheckedCommit> Decode(std::string_view text) {
  try {
    const json::object object = Must(ParseJson(text)).as_object();
    CheckedCommit commit{.time = TimeAt(object.at("time"))};
    if (const json::value* block = object.if_contains("block")) commit.block = HashAt(*block);
    for (const json::value& each : object.at("results").as_array()) {
      const json::object& from = each.as_object();
      CheckResult result{.check = std::string(TextAt(from.at("check"))),
                         .kind = std::string(TextAt(from.at("kind"))),
                         .status = StatusNamed(TextAt(from.at("status")))};
      if (const json::value* failing = from.if_contains("failing")) {
        result.failing = NumberAt(*failing);
      }
      if (const json::value* message = from.if_contains("message")) {
        result.message = TextAt(*message);
      }
      commit.results.push_back(std::move(result));
    }
    return commit;
  } catch (const std::exception& failure) {
    return Corrupt("results of checks: {}", failure.what());
  }
}

Result<std::uint64_t> NumberOf(const control::Key& key) {
  const auto parts = key.Parts();
  const auto* number = parts.empty() ? nullptr : std::get_if<std::int64_t>(&parts.back());
  if (number == nullptr) return Corrupt("a key of results of checks");
  return static_cast<std::uint64_t>(*number);
}

}  // namespace

const char* NameOf(CheckStatus status) { return kStatusNames[static_cast<std::size_t>(status)]; }

Result<KeptContract> ReadContract(control::Snapshot& snapshot, const odf::DatasetId& id) {
  ASSIGN_OR_RETURN(const auto entry, snapshot.Get(ContractKey(id)));
  if (!entry) return KeptContract();
  KeptContract contract{.text = entry->value};
  try {
    contract.checks = Must(contracts::ContractFromJson(Must(ParseJson(entry->value)).as_array()));
  } catch (const std::exception& failure) {
    return Corrupt("the checks of dataset {}: {}", id.ToString(), failure.what());
  }
  return contract;
}

Status PutContract(control::Transaction& transaction, const odf::DatasetId& id,
                   const contracts::Contract& contract) {
  if (contract.empty()) return transaction.Delete(ContractKey(id));
  return transaction.Put(ContractKey(id), json::serialize(contracts::ToJson(contract)));
}

Status CheckContractHolds(control::Snapshot& snapshot, const odf::DatasetId& id,
                          const KeptContract& asked) {
  ASSIGN_OR_RETURN(const auto entry, snapshot.Get(ContractKey(id)));
  if ((entry ? entry->value : std::string()) == asked.text) return Ok();
  return Conflict("the checks of dataset {} were changed meanwhile", id.ToString());
}

Status PutCheckedCommit(control::Transaction& transaction, const odf::DatasetId& id,
                        const CheckedCommit& commit) {
  const control::Key all = ChecksKey(id);
  ASSIGN_OR_RETURN(const auto newest, transaction.Scan(all, {.limit = 1, .reverse = true}));
  std::uint64_t number = 0;
  if (!newest.empty()) {
    ASSIGN_OR_RETURN(number, NumberOf(newest.front().key));
    ++number;
  }
  RETURN_IF_ERROR(transaction.Put(CheckKey(id, number), Encode(commit)));
  RETURN_IF_ERROR(transaction.Delete(RefusalKey(id)));
  // Numbers have no gaps, so one goes for one that comes.
  if (number < kMostCheckedCommits) return Ok();
  return transaction.Delete(CheckKey(id, number - kMostCheckedCommits));
}

Status PutRefusal(control::Transaction& transaction, const odf::DatasetId& id,
                  const CheckedCommit& refused) {
  return transaction.Put(RefusalKey(id), Encode(refused));
}

Result<std::vector<CheckedCommit>> ReadCheckedCommits(control::Snapshot& snapshot,
                                                      const odf::DatasetId& id, std::size_t limit) {
  std::vector<CheckedCommit> commits;
  ASSIGN_OR_RETURN(const auto refusal, snapshot.Get(RefusalKey(id)));
  if (refusal) {
    ASSIGN_OR_RETURN(auto decoded, Decode(refusal->value));
    commits.push_back(std::move(decoded));
  }
  ASSIGN_OR_RETURN(const auto entries,
                   snapshot.Scan(ChecksKey(id), {.limit = limit, .reverse = true}));
  for (const control::Entry& entry : entries) {
    if (commits.size() == limit) break;
    ASSIGN_OR_RETURN(auto decoded, Decode(entry.value));
    commits.push_back(std::move(decoded));
  }
  return commits;
}

}  // namespace weir::datasets
