#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "api/component_sets.h"
#include "api/dataset_path.h"
#include "api/query_options.h"
#include "api/routes.h"
#include "api/services.h"
#include "datasets/chain_store.h"
#include "datasets/directory.h"
#include "engine/sql_text.h"
#include "odf/json.h"
#include "odf/system_names.h"
#include "sql/query_service.h"

namespace weir::api {
namespace {

using namespace schema;  // NOLINT: the schemas are part of what this file says

constexpr std::int64_t kUsualLimit = 100;

// The last rows by offset, in their order. The offset of the newest is known, so only the slices
// that hold these rows are read.
Result<std::unique_ptr<sql::Query>> Tail(const Services& services, const Call& call) {
  ASSIGN_OR_RETURN(const auto entry, WorkspaceDatasetOf(services, call));
  ASSIGN_OR_RETURN(const auto record, services.chains.Read(call.context, entry.id));
  const std::int64_t rows =
      record.chain.last_offset ? static_cast<std::int64_t>(*record.chain.last_offset) + 1 : 0;
  const std::int64_t end = rows - call.Integer("skip").value_or(0);
  const std::int64_t begin = end - call.Integer("limit").value_or(kUsualLimit);
  const std::string offset = engine::Identifier(odf::SystemNames(record.chain.vocab).offset);
  sql::QueryRequest request{
      .sql =
          fmt::format("SELECT * FROM \"tail$history\" WHERE {0} >= {1} AND {0} < {2} ORDER BY {0}",
                      offset, begin, end),
      .pinned = {{.alias = "tail", .id = entry.id, .head = record.chain.head}}};
  return services.queries.Run(call.context, request);
}

Outcome GetTail(const Services& services, const Call& call) {
  auto rows = Tail(services, call);
  if (!rows) return std::move(rows).error();
  const RowOptions options = RowOptionsOf(call.parameters);
  if (!IsWrapped(options.format)) return RowsResponse(*std::move(rows), options, "", "");
  auto head = HeadOfOutput(**rows, options);
  if (!head) return std::move(head).error();
  return RowsResponse(*std::move(rows), options, "{" + *head, "}");
}

boost::json::object Refs(const datasets::ChainRecord& record) {
  return {{"name", "head"}, {"blockHash", record.chain.head->ToText()}};
}

Outcome GetMetadata(const Services& services, const Call& call) {
  const auto entry = WorkspaceDatasetOf(services, call);
  if (!entry) return entry.error();
  const auto record = services.chains.Read(call.context, entry->id);
  if (!record) return record.error();
  const odf::ChainState& chain = record->chain;
  boost::json::object all{{"id", entry->id.ToString()},
                          {"workspace", entry->workspace},
                          {"name", entry->name},
                          {"refs", boost::json::array{Refs(*record)}},
                          {"vocab", odf::ToJson(odf::MetadataEvent{chain.vocab})}};
  if (chain.seed) all["seed"] = odf::ToJson(odf::MetadataEvent{*chain.seed});
  if (chain.schema) all["schema"] = odf::ToJson(*chain.schema);
  if (chain.info) all["info"] = odf::ToJson(odf::MetadataEvent{*chain.info});
  if (chain.license) all["license"] = odf::ToJson(odf::MetadataEvent{*chain.license});
  if (chain.attachments) all["attachments"] = odf::ToJson(odf::MetadataEvent{*chain.attachments});
  const auto wanted = call.Texts("include");
  if (wanted.empty()) return JsonResponse(all);
  boost::json::object chosen{
      {"id", all.at("id")}, {"workspace", all.at("workspace")}, {"name", all.at("name")}};
  for (const std::string& name : wanted) {
    if (const auto* part = all.if_contains(name)) chosen[name] = *part;
  }
  return JsonResponse(chosen);
}

std::vector<Parameter> PathParameters() {
  return {{.in = Parameter::In::kPath,
           .name = "workspace",
           .schema = Text({.min = 1}),
           .description = "Where the dataset is.",
           .required = true},
          {.in = Parameter::In::kPath,
           .name = "dataset",
           .schema = Text({.min = 1}),
           .description = "Its name, in any spelling that is read alike.",
           .required = true}};
}

std::vector<Parameter> With(std::vector<Parameter> parameters) {
  std::vector<Parameter> all = PathParameters();
  all.insert(all.end(), parameters.begin(), parameters.end());
  return all;
}

}  // namespace

std::vector<Route> TailRoutes() {
  return {
      {.method = Method::kGet,
       .path = "/api/{workspace}/{dataset}/tail",
       .action = "dataset:tail",
       .tag = "Data",
       .summary = "The newest events of a dataset, the last one last.",
       .parameters = With({{.name = "skip",
                            .schema = Integer(0, kMostRows),
                            .description = "Rows left out at the end."},
                           {.name = "limit",
                            .schema = Integer(0, kMostRows),
                            .description = "Rows at most; 100 otherwise."},
                           {.name = "dataFormat",
                            .schema = DataFormatSchema(),
                            .description = "How rows are written; JsonAoS otherwise."},
                           {.name = "schemaFormat",
                            .schema = SchemaFormatSchema(),
                            .description = "Asks for the columns too, in this form."}}),
       .answers = {{.description = "The rows, with the system columns.",
                    .schema = Ref("QueryOutput"),
                    .content_types = {"application/json", "application/x-ndjson", "text/csv",
                                      "application/vnd.apache.parquet"}}},
       .problems = {403, 404, 429, 503},
       .handler = GetTail},
      {.method = Method::kGet,
       .path = "/api/{workspace}/{dataset}/metadata",
       .action = "dataset:metadata",
       .tag = "Data",
       .summary = "What the chain of a dataset says of it.",
       .parameters = With({{.name = "include",
                            .schema = ListOf(OneOf({"attachments", "info", "license", "refs",
                                                    "schema", "seed", "vocab"})),
                            .description = "Only these parts; without it, all there are."}}),
       .answers = {{.description = "The parts.", .schema = Ref("DatasetMetadata")}},
       .problems = {404},
       .handler = GetMetadata},
  };
}

boost::json::object TailSchemas() {
  return {
      {"DatasetMetadata",
       Record({Required("id", Text(), "The DID of the dataset."),
               Required("workspace", Text(), "Where it is."),
               Required("name", Text(), "As it was declared."),
               Optional("refs", ListOf(AnyObject()), "Names of blocks: `head`."),
               Optional("vocab", AnyObject(), "Names of system columns that are not the usual."),
               Optional("seed", AnyObject(), "The event the chain begins with."),
               Optional("schema", AnyObject(), "The columns."),
               Optional("info", AnyObject(), "Description and keywords."),
               Optional("license", AnyObject(), "Under which it is given."),
               Optional("attachments", AnyObject(), "Documents kept in the chain.")})}};
}

}  // namespace weir::api
