#include "datasets/dataset_checks.h"

#include <fmt/format.h>

#include <boost/json/array.hpp>

#include "contracts/check_json.h"
#include "contracts/row_rule.h"

namespace weir::datasets {

namespace json = boost::json;

void ValidateChecks(const resources::Manifest& manifest, resources::Problems& problems) {
  const json::value* checks = manifest.spec.if_contains("checks");
  if (checks == nullptr || !checks->is_array()) return;
  std::size_t number = 0;
  const std::size_t before = problems.total();
  for (const json::value& each : checks->as_array()) {
    const std::size_t place = number++;
    const auto check = contracts::CheckFromJson(each.as_object());
    if (check) continue;
    problems.Add(manifest.PlaceOf(fmt::format("/checks/{}", place)),
                 fmt::format("dataset.checks[{}]: {}", place, check.error().message),
                 check.error().hint);
  }
  if (problems.total() > before) return;
  const auto contract = contracts::ContractFromJson(checks->as_array());
  const Status sound = contract ? contracts::CheckPatterns(*contract) : contract.error();
  if (!sound)
    problems.Add(manifest.PlaceOf("/checks"), "dataset.checks: " + sound.error().message,
                 sound.error().hint);
}

Status CheckContractFits(const contracts::Contract& checks, odf::DatasetKind kind,
                         const odf::ChainState& chain) {
  if (contracts::Quarantines(checks) && kind == odf::DatasetKind::kDerivative) {
    return Invalid("checks: a derivative has no quarantine, for it is all that its transform makes")
        .WithHint(
            "onFail: refuse or warn; rows that are to be kept apart are those of a second "
            "derivative, with the opposite WHERE");
  }
  if (!chain.schema) return Ok();
  std::vector<contracts::ColumnAtHand> columns;
  for (const odf::DataField& field : chain.schema->fields) columns.push_back({.name = field.name});
  for (const contracts::Check& check : checks) {
    for (const std::string& name : contracts::ColumnsOf(check.rule)) {
      RETURN_IF_ERROR(contracts::FindColumn(check, name, columns));
    }
  }
  return Ok();
}

std::vector<std::pair<std::string, std::string>> DatasetsInChecks(
    const contracts::Contract& checks) {
  std::vector<std::pair<std::string, std::string>> datasets;
  for (std::size_t i = 0; i < checks.size(); ++i) {
    for (std::string& name : contracts::DatasetsOf(checks[i].rule)) {
      datasets.emplace_back(std::move(name), fmt::format("/checks/{}", i));
    }
  }
  return datasets;
}

}  // namespace weir::datasets
