#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <set>

#include "api/component_sets.h"
#include "api/query_options.h"
#include "api/routes.h"
#include "api/services.h"
#include "sql/query_service.h"

namespace weir::api {
namespace {

using namespace schema;  // NOLINT: the schemas are part of what this file says

constexpr std::uint64_t kUsualLimit = 100;
constexpr std::size_t kMostSqlCharacters = 1 << 20;
constexpr std::size_t kMostPinned = 1'000;

// What one request asks for, whichever way it came.
struct Asked {
  sql::QueryRequest query;
  RowOptions rows;
  bool with_input = false;
  std::string dialect;
  std::set<std::string> include;  // as the request is echoed, in order
};

Status ReadInclude(const std::vector<std::string>& names, Asked& asked) {
  for (std::string name : names) {
    std::ranges::transform(name, name.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
    if (name == "input") {
      asked.with_input = true;
      asked.include.insert("Input");
    } else if (name == "schema") {
      asked.rows.with_schema = true;
      asked.include.insert("Schema");
    } else if (name == "proof") {
      return Invalid("answers carry no proof yet").WithHint("leave Proof out of include");
    } else {
      return Invalid("include takes Input and Schema, not {}", name);
    }
  }
  return Ok();
}

Status ReadPinned(const boost::json::object& request, Asked& asked) {
  const auto* datasets = request.if_contains("datasets");
  if (datasets == nullptr) return Ok();
  for (const auto& each : datasets->as_array()) {
    const auto& dataset = each.as_object();
    catalog::PinnedDataset pin{.alias = *TextIn(dataset, "alias")};
    ASSIGN_OR_RETURN(pin.id, odf::DatasetId::Parse(*TextIn(dataset, "id")));
    if (const auto hash = TextIn(dataset, "blockHash")) {
      ASSIGN_OR_RETURN(pin.head, Multihash::Parse(*hash));
    }
    asked.query.pinned.push_back(std::move(pin));
  }
  return Ok();
}

// `request` holds the keys of a POST body.
Result<Asked> Read(const boost::json::object& request, const std::vector<std::string>& include) {
  Asked asked;
  asked.rows = RowOptionsOf(request);
  asked.dialect = TextIn(request, "queryDialect").value_or("SqlDuckDb");
  if (asked.dialect != "SqlDuckDb" && asked.dialect != "SqlDataFusion") {
    return Invalid("queries in the dialect {} do not run here", asked.dialect)
        .WithHint("SqlDuckDb is the dialect of this engine");
  }
  asked.query.sql = *TextIn(request, "query");
  asked.query.workspace = TextIn(request, "workspace").value_or("public");
  asked.query.skip = static_cast<std::uint64_t>(IntegerIn(request, "skip").value_or(0));
  if (const auto limit = IntegerIn(request, "limit")) {
    asked.query.limit = static_cast<std::uint64_t>(*limit);
  } else if (IsWrapped(asked.rows.format)) {
    asked.query.limit = kUsualLimit;
  }
  RETURN_IF_ERROR(ReadInclude(include, asked));
  RETURN_IF_ERROR(ReadPinned(request, asked));
  return asked;
}

// The request, with every dataset at the block it was read at: asked again, it gives the same rows.
boost::json::object Echo(const Asked& asked, const sql::Query& query) {
  boost::json::array datasets;
  for (const catalog::UsedDataset& used : query.used()) {
    datasets.push_back(
        {{"id", used.id.ToString()}, {"alias", used.alias}, {"blockHash", used.head.ToText()}});
  }
  boost::json::array include;
  for (const std::string& name : asked.include) include.emplace_back(name);
  boost::json::object echo{{"query", asked.query.sql},
                           {"queryDialect", asked.dialect},
                           {"workspace", asked.query.workspace},
                           {"dataFormat", asked.rows.format_name},
                           {"include", std::move(include)},
                           {"datasets", std::move(datasets)},
                           {"skip", asked.query.skip}};
  if (asked.rows.with_schema) echo["schemaFormat"] = asked.rows.schema_format_name;
  if (asked.query.limit) echo["limit"] = *asked.query.limit;
  return echo;
}

Outcome Answered(const Services& services, const Call& call, const Result<Asked>& asked) {
  if (!asked) return asked.error();
  auto query = services.queries.Run(call.context, asked->query);
  if (!query) return std::move(query).error();
  if (!IsWrapped(asked->rows.format)) return RowsResponse(*std::move(query), asked->rows, "", "");
  std::string before = "{";
  if (asked->with_input) {
    before += "\"input\":" + boost::json::serialize(Echo(*asked, **query)) + ",";
  }
  auto head = HeadOfOutput(**query, asked->rows);
  if (!head) return std::move(head).error();
  before += "\"output\":{" + *head;
  return RowsResponse(*std::move(query), asked->rows, std::move(before), "}}");
}

Outcome PostQuery(const Services& services, const Call& call) {
  std::vector<std::string> include;
  if (const auto* names = call.body.if_contains("include")) {
    for (const auto& name : names->as_array()) include.emplace_back(name.as_string());
  }
  return Answered(services, call, Read(call.body, include));
}

Outcome GetQuery(const Services& services, const Call& call) {
  std::vector<std::string> include;
  std::string rest = call.Text("include").value_or("");
  while (!rest.empty()) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    include.push_back(rest.substr(0, comma));
    rest.erase(0, comma + 1);
  }
  return Answered(services, call, Read(call.parameters, include));
}

Answer RowsAnswer() {
  return {.description = "The rows. As Ndjson, Csv or Parquet they are the whole body.",
          .schema = Ref("QueryAnswer"),
          .content_types = {"application/json", "application/x-ndjson", "text/csv",
                            "application/vnd.apache.parquet"}};
}

Schema SqlSchema() { return Text({.min = 1, .max = kMostSqlCharacters}); }
Schema DialectSchema() {
  return OneOf({"SqlDuckDb", "SqlDataFusion", "SqlFlink", "SqlSpark", "SqlRisingWave"});
}

}  // namespace

std::vector<Route> QueryRoutes() {
  return {{.method = Method::kPost,
           .path = "/api/query",
           .action = "query:run",
           .tag = "Data",
           .summary = "Runs one SQL query, and answers with its rows.",
           .description =
               "`NAME` is the state of a dataset, `NAME$history` all its events, `NAME$blocks` its "
               "chain; `AT (VERSION => ...)` and `AT (TIMESTAMP => ...)` read it as it was. Rows "
               "are given as they come, so that a result may be of any size.",
           .body =
               RequestBody{
                   .schema = Ref("QueryRequest"), .description = "The query.", .limit = 8 << 20},
           .answers = {RowsAnswer()},
           .problems = {403, 429, 503},
           .handler = PostQuery},
          {.method = Method::kGet,
           .path = "/api/query",
           .action = "query:run",
           .operation = "query:get",
           .tag = "Data",
           .summary = "The same for a query that fits into a URL.",
           .parameters = {{.name = "query",
                           .schema = Text({.min = 1, .max = 1024}),
                           .description = "The statement.",
                           .required = true},
                          {.name = "dataFormat",
                           .schema = DataFormatSchema(),
                           .description = "How rows are written; JsonAoS otherwise."},
                          {.name = "schemaFormat",
                           .schema = SchemaFormatSchema(),
                           .description = "How the columns are told."},
                          {.name = "include",
                           .schema = Text(),
                           .description = "`input` and `schema`, separated by a comma."},
                          {.name = "workspace",
                           .schema = Text({.min = 1}),
                           .description = "Where names are found; `public` otherwise."},
                          {.name = "skip",
                           .schema = Integer(0, kMostRows),
                           .description = "Rows left out."},
                          {.name = "limit",
                           .schema = Integer(0, kMostRows),
                           .description = "Rows at most; 100 as JSON otherwise."}},
           .answers = {RowsAnswer()},
           .problems = {403, 429, 503},
           .handler = GetQuery}};
}

boost::json::object QuerySchemas() {
  return {
      {"QueryRequest",
       Object(
           {Required("query", SqlSchema(), "The statement."),
            Optional("queryDialect", DialectSchema(),
                     "SqlDuckDb, also when nothing is said; SqlDataFusion is read as it. Others "
                     "do not run here."),
            Optional("dataFormat", DataFormatSchema(), "How rows are written; JsonAoS otherwise."),
            Optional("schemaFormat", SchemaFormatSchema(),
                     "How the columns are told; asks for them too."),
            Optional("include", ListOf(OneOf({"Input", "Schema", "Proof"}), 3),
                     "What to add. Proof is not there yet."),
            Optional("workspace", Text({.min = 1}), "Where names are found; `public` otherwise."),
            Optional("datasets", ListOf(Ref("QueryDataset"), kMostPinned),
                     "Names with a meaning of their own, at a block where one is given."),
            Optional("skip", Integer(0, kMostRows), "Rows left out at the beginning."),
            Optional("limit", Integer(0, kMostRows),
                     "Rows at most; as JSON 100 otherwise, in other forms all.")})},
      {"QueryDataset",
       Object({Required("id", Text({.min = 1, .max = 256}), "The DID of the dataset."),
               Required("alias", Text({.min = 1, .max = 256}), "Its name in the statement."),
               Optional("blockHash", Text({.min = 1, .max = 256}), "As of this block.")})},
      {"QueryAnswer",
       Record({Optional("input", AnyObject(),
                        "The request with every dataset at the block it was read at."),
               Required("output", Ref("QueryOutput"), "The rows.")})},
      {"QueryOutput",
       Record({Required("dataFormat", DataFormatSchema(), "How rows are written."),
               Required("data", Anything(), "The rows, in that form."),
               Optional("schema", Anything(), "The columns."),
               Optional("schemaFormat", SchemaFormatSchema(), "How they are told.")})},
  };
}

}  // namespace weir::api
