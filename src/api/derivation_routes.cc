#include <boost/json/array.hpp>

#include "api/component_sets.h"
#include "api/dataset_path.h"
#include "api/routes.h"
#include "pipelines/derive/derivation.h"

namespace weir::api {
namespace {

namespace json = boost::json;
using namespace schema;  // NOLINT: the schemas are part of what this file says

json::object ToJson(const pipelines::ConsumedInput::Block& block) {
  return {{"hash", block.hash.ToText()}, {"sequenceNumber", block.sequence_number}};
}

json::object ToJson(const pipelines::ConsumedInput& input) {
  json::object told{
      {"alias", input.alias}, {"id", input.id.ToString()}, {"recordsBehind", input.records_behind}};
  if (!input.name.empty()) {
    told["name"] = input.name;
    told["workspace"] = input.workspace;
  }
  if (input.consumed) told["consumed"] = ToJson(*input.consumed);
  if (input.head) told["head"] = ToJson(*input.head);
  if (!input.problem.empty()) told["problem"] = input.problem;
  return told;
}

json::array ListOfTexts(const std::vector<std::string>& texts) {
  json::array list;
  for (const std::string& text : texts) list.emplace_back(text);
  return list;
}

Outcome GetDerivation(const Services& services, const Call& call) {
  const auto entry = DatasetOf(services, call);
  if (!entry) return entry.error();
  const auto derivation =
      pipelines::ReadDerivation(call.context, services.chains, services.deriver, entry->id);
  if (!derivation) return derivation.error();
  json::object told{{"engine", derivation->engine}};
  if (derivation->plan && derivation->plan->is_by_batch) {
    told["isByBatch"] = true;
  } else if (derivation->plan) {
    told["isIncremental"] = derivation->plan->is_incremental;
    told["recomputed"] = ListOfTexts(derivation->plan->recomputed);
    told["keys"] = ListOfTexts(derivation->plan->keys);
  }
  if (!derivation->problem.empty()) told["problem"] = derivation->problem;
  json::array inputs;
  for (const auto& input : derivation->inputs) inputs.push_back(ToJson(input));
  told["inputs"] = std::move(inputs);
  return JsonResponse(told);
}

}  // namespace

std::vector<Route> DerivationRoutes() {
  return {
      {.method = Method::kGet,
       .path = "/api/datasets/{name}/derivation",
       .action = "dataset:derivation",
       .tag = "Datasets",
       .summary = "How a derivative follows its inputs, and how far it has come.",
       .description =
           "What of the query follows from changes of the inputs, and what is computed again each "
           "time and compared; of each input the block that was consumed, and what came since.",
       .parameters = DatasetPathParameters(),
       .answers = {{.description = "What is known of it now.", .schema = Ref("Derivation")}},
       .problems = {400, 404},
       .handler = GetDerivation},
  };
}

boost::json::object DerivationSchemas() {
  return {
      {"Derivation",
       Record({
           Required("engine", Text(), "What its transform says that it is written for."),
           Optional("isByBatch", Flag(),
                    "True: each step looks at what came since the last one, and at nothing else."),
           Optional("isIncremental", Flag(),
                    "All of it follows from changes; absent where each batch is looked at alone, "
                    "and where `problem` says why nobody knows."),
           Optional("recomputed", ListOf(Text()),
                    "Why parts of it are computed again each time; one sentence for each."),
           Optional("keys", ListOf(Text()),
                    "Columns whose values have one row; without any, rows are a multiset."),
           Optional("problem", Text(), "Why its query cannot be looked at."),
           Required("inputs", ListOf(Ref("ConsumedInput")), "In the order of the transform."),
       })},
      {"ConsumedInput",
       Record({
           Required("alias", Text(), "What the query calls it."),
           Required("id", Text(), "Its DID."),
           Optional("name", Text(), "Where this home has it."),
           Optional("workspace", Text(), "Where it is."),
           Optional("consumed", Ref("InputBlock"), "The newest block that was read."),
           Optional("head", Ref("InputBlock"), "The newest block there is."),
           Required("recordsBehind", Integer(), "Events that came since."),
           Optional("problem", Text(), "Why not all is known of it."),
       })},
      {"InputBlock", Record({Required("hash", Text(), "Of the block."),
                             Required("sequenceNumber", Integer(), "Its number.")})},
  };
}

}  // namespace weir::api
