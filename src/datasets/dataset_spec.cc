#include "datasets/dataset_spec.h"

#include <boost/json/array.hpp>
#include <string>
#include <string_view>

#include "contracts/check_json.h"
#include "odf/json.h"

namespace weir::datasets {
namespace {

namespace json = boost::json;

constexpr std::string_view kMilliseconds = "milliseconds";
constexpr std::string_view kMicroseconds = "microseconds";

std::string_view TextAt(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value == nullptr ? std::string_view() : std::string_view(value->as_string());
}

}  // namespace

Result<odf::DatasetKind> DatasetKindFromText(std::string_view text) {
  const json::object snapshot{{"name", "x"}, {"kind", text}, {"metadata", json::array()}};
  ASSIGN_OR_RETURN(const odf::DatasetSnapshot read, odf::DatasetSnapshotFromJson(snapshot));
  return read.kind;
}

Result<DatasetSpec> DatasetSpecFromJson(const json::object& object) {
  DatasetSpec spec;
  if (object.contains("did")) {
    ASSIGN_OR_RETURN(spec.did, odf::DatasetId::Parse(TextAt(object, "did")));
  }
  if (object.contains("kind")) {
    ASSIGN_OR_RETURN(spec.kind, DatasetKindFromText(TextAt(object, "kind")));
  }
  if (object.contains("timestamps")) {
    spec.keeps_microseconds = TextAt(object, "timestamps") == kMicroseconds;
  }
  if (const json::value* variables = object.if_contains("variables")) {
    ASSIGN_OR_RETURN(spec.variables, DatasetVariablesFromJson(variables->as_object()));
  }
  if (const json::value* checks = object.if_contains("checks")) {
    ASSIGN_OR_RETURN(spec.checks, contracts::ContractFromJson(checks->as_array()));
  }
  const json::value* metadata = object.if_contains("metadata");
  if (metadata == nullptr) return spec;
  for (const json::value& each : metadata->as_array()) {
    ASSIGN_OR_RETURN(odf::MetadataEvent event, odf::MetadataEventFromJson(each));
    spec.metadata.push_back(std::move(event));
  }
  return spec;
}

json::object ToJson(const DatasetSpec& spec) {
  json::object object;
  if (spec.did) object["did"] = spec.did->ToString();
  if (spec.kind) object["kind"] = odf::NamesOf(*spec.kind)[static_cast<std::size_t>(*spec.kind)];
  if (spec.keeps_microseconds) {
    object["timestamps"] = *spec.keeps_microseconds ? kMicroseconds : kMilliseconds;
  }
  if (!spec.variables.empty()) object["variables"] = ToJson(spec.variables);
  if (!spec.checks.empty()) object["checks"] = contracts::ToJson(spec.checks);
  json::array metadata;
  for (const odf::MetadataEvent& event : spec.metadata) metadata.push_back(odf::ToJson(event));
  object["metadata"] = std::move(metadata);
  return object;
}

}  // namespace weir::datasets
