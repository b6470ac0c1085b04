#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <string_view>

#include "api/component_sets.h"
#include "api/dataset_path.h"
#include "api/routes.h"
#include "pipelines/lineage/dataset_lineage.h"

namespace weir::api {
namespace {

namespace json = boost::json;
using namespace schema;  // NOLINT: the schemas are part of what this file says
using pipelines::LineageNode;
using pipelines::LineageWay;

constexpr std::string_view kEvents = "$events";

// The input that a query knows by `table`, its name or that of its events.
std::string InputOf(const LineageNode& node, std::string_view table) {
  if (table.ends_with(kEvents)) table.remove_suffix(kEvents.size());
  for (const pipelines::NamedInput& input : node.inputs) {
    if (input.alias == table) return input.id.ToString();
  }
  return std::string(table);
}

json::array ToJson(const LineageNode& node, const std::vector<engine::LineageSource>& sources) {
  json::array told;
  for (const engine::LineageSource& source : sources) {
    if (source.column.empty()) continue;  // that the dataset is read, its inputs say
    json::object each{{"dataset", InputOf(node, source.table)},
                      {"column", source.column},
                      {"kind", engine::NameOf(source.kind)}};
    if (source.is_masking) each["masking"] = true;
    told.push_back(std::move(each));
  }
  return told;
}

json::object ToJson(const LineageNode& node) {
  json::object told{{"id", node.entry.id.ToString()}, {"distance", node.distance}};
  if (!node.entry.name.empty()) {
    told["name"] = node.entry.name;
    told["workspace"] = node.entry.workspace;
  }
  if (node.is_known) told["kind"] = node.is_derivative ? "Derivative" : "Root";
  if (!node.problem.empty()) told["problem"] = node.problem;
  json::array inputs;
  for (const pipelines::NamedInput& input : node.inputs) {
    inputs.push_back(json::object{{"alias", input.alias}, {"id", input.id.ToString()}});
  }
  told["inputs"] = std::move(inputs);
  if (!node.columns) return told;
  json::array columns;
  for (const engine::ColumnLineage& column : node.columns->columns) {
    columns.push_back(
        json::object{{"name", column.name}, {"sources", ToJson(node, column.sources)}});
  }
  told["columns"] = std::move(columns);
  told["rows"] = ToJson(node, node.columns->rows);
  return told;
}

LineageWay WayOf(const std::string& direction) {
  if (direction == "upstream") return LineageWay::kUpstream;
  return direction == "downstream" ? LineageWay::kDownstream : LineageWay::kBoth;
}

Outcome GetLineage(const Services& services, const Call& call) {
  const auto entry = DatasetOf(services, call);
  if (!entry) return entry.error();
  const auto lineage = services.lineage.Read(
      call.context, {.dataset = entry->id,
                     .way = WayOf(*call.Text("direction")),
                     .depth = static_cast<std::size_t>(*call.Integer("depth")),
                     .with_columns = call.Flag("columns")});
  if (!lineage) return lineage.error();
  json::array datasets;
  for (const LineageNode& node : lineage->nodes) datasets.push_back(ToJson(node));
  return JsonResponse(json::object{{"datasets", std::move(datasets)}, {"isCut", lineage->is_cut}});
}

}  // namespace

std::vector<Route> LineageRoutes() {
  return {
      {.method = Method::kGet,
       .path = "/api/datasets/{name}/lineage",
       .action = "dataset:lineage",
       .tag = "Datasets",
       .summary = "What a dataset comes from, and what is made of it.",
       .description =
           "Derivatives name their inputs; with columns, their queries are bound to the columns "
           "that these have now. What is lost or cannot be read stands in the answer, with what is "
           "wrong with it.",
       .parameters = DatasetPathParameters(
           {{.name = "direction",
             .schema = WithDefault(OneOf({"upstream", "downstream", "both"}), "both"),
             .description = "Which way to go."},
            {.name = "columns",
             .schema = Flag(),
             .description = "Whether to say of every column of a derivative where it comes from."},
            {.name = "depth",
             .schema = WithDefault(Integer(1, 100), 20),
             .description = "How many steps to go."}}),
       .answers = {{.description = "The datasets, the one asked for first.",
                    .schema = Ref("Lineage")}},
       .problems = {404},
       .handler = GetLineage},
  };
}

boost::json::object LineageSchemas() {
  return {
      {"Lineage",
       Record({
           Required("datasets", ListOf(Ref("LineageDataset")), "The one asked for comes first."),
           Required("isCut", Flag(), "There is more, further away or beyond 1,000 datasets."),
       })},
      {"LineageDataset",
       Record({
           Required("id", Text(), "Its DID."),
           Optional("name", Text(), "Where this home has it."),
           Optional("workspace", Text(), "Where it is."),
           Optional("kind", OneOf({"Root", "Derivative"}), "Where its chain can be read."),
           Required("distance", Integer(), "Steps away; what is upstream has a negative one."),
           Optional("problem", Text(), "Why not all is known of it."),
           Required("inputs", ListOf(Ref("LineageInput")), "Of a derivative."),
           Optional("columns", ListOf(Ref("LineageColumn")), "Of a derivative, where known."),
           Optional("rows", ListOf(Ref("LineageSource")),
                    "What decides which rows there are, and so touches every column."),
       })},
      {"LineageInput", Record({Required("alias", Text(), "What its query calls it."),
                               Required("id", Text(), "Its DID.")})},
      {"LineageColumn", Record({Required("name", Text(), "Of the column."),
                                Required("sources", ListOf(Ref("LineageSource")),
                                         "What it comes from, beside what its rows do.")})},
      {"LineageSource",
       Record({
           Required("dataset", Text(), "The DID of an input."),
           Required("column", Text(), "The name of its column."),
           Required("kind",
                    OneOf({"IDENTITY", "TRANSFORMATION", "AGGREGATION", "CONDITIONAL", "FILTER",
                           "GROUP_BY", "JOIN", "SORT", "WINDOW"}),
                    "What becomes of it, in the words of OpenLineage; the first three carry its "
                    "values."),
           Optional("masking", Flag(), "It does not tell the value: a hash or a count."),
       })},
  };
}

}  // namespace weir::api
