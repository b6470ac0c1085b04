#include "api/component_sets.h"
#include "api/dataset_path.h"
#include "api/ingest_handlers.h"
#include "api/pull_handlers.h"
#include "api/routes.h"

namespace weir::api {
namespace {

using namespace schema;  // NOLINT: the schemas are part of what this file says

Parameter Query(std::string name, Schema schema, std::string description) {
  return {
      .name = std::move(name), .schema = std::move(schema), .description = std::move(description)};
}

Schema Word(std::size_t max = 256) { return Text({.min = 1, .max = max, .shape = &kPrintable}); }

std::vector<Parameter> IngestParameters() {
  return WorkspaceDatasetParameters(
      {Query("sourceName", WithDefault(Word(), "default"), "Of the dataset's push source."),
       Query("format", OneOf({"csv", "json", "ndjson", "parquet", "avro", "orc", "xlsx"}),
             "When it is not the source's; beats Content-Type."),
       Query("fileName", Word(1024), "How messages call the file."),
       Query("create", WithDefault(Flag(), false),
             "Makes the dataset when it is not there, as what the file seems to be."),
       Query("evolve", WithDefault(Flag(), false),
             "Columns that the dataset lacks are added to it, optional; optional ones that the "
             "file lacks are empty."),
       Query("key", ListOf(Word(), 64),
             "Of a dataset that is made: a column of its key. A row then replaces the earlier "
             "one of its key; without a key, rows are only added."),
       {.in = Parameter::In::kHeader,
        .name = "Odf-Event-Time",
        .schema = Text({.min = 20, .max = 40, .shape = &kVisible}),
        .description =
            "RFC 3339: the event time of rows that have none; now, when it is not given."}});
}

}  // namespace

std::vector<Route> IngestRoutes() {
  return {
      {.method = Method::kPost,
       .path = "/api/{workspace}/{dataset}/ingest",
       .action = "dataset:ingest",
       .tag = "Datasets",
       .summary = "Adds the rows of a file to a dataset, all or none, as one block.",
       .description =
           "The file is read, preprocessed and merged as the dataset's push source says. One bad "
           "row refuses the whole file, and is named by file, line, column and value. A file that "
           "changes nothing makes no block.",
       .parameters = IngestParameters(),
       .body = RequestBody{.schema = Anything(),
                           .description = "The file, as it is",
                           .file_types = {"text/csv", "application/json", "application/x-ndjson",
                                          "application/vnd.apache.parquet", "application/avro",
                                          "application/vnd.apache.orc",
                                          "application/vnd.openxmlformats-officedocument."
                                          "spreadsheetml.sheet",
                                          "application/octet-stream"}},
       .answers = {{.description = "What became of it.", .schema = Ref("IngestReport")}},
       .problems = {404, 429, 501, 507},
       .handler = PostIngest},
      {.method = Method::kPost,
       .path = "/api/{workspace}/pull",
       .action = "dataset:update",
       .tag = "Datasets",
       .summary = "Brings datasets and everything downstream of them up to date.",
       .description =
           "First the polling sources are asked: each new file becomes a block, and is taken once. "
           "Then derivatives follow, inputs before what reads them, all from one cut of their "
           "inputs' heads. An error stops what depends on it and nothing else, and stays in the "
           "dataset's status until a pull goes well. What sources may do with the server's machine "
           "is set in weir.yaml, under `sources`.",
       .parameters = {WorkspaceParameter("Where the datasets are."),
                      Query("dataset", ListOf(Word(63), 64),
                            "Its name; all that have a polling source or are derivatives, when "
                            "none is given.")},
       .answers = {{.description = "What became of each.", .schema = Ref("PullReport")}},
       .problems = {403, 404, 409, 429, 501, 507},
       .handler = PostPull},
  };
}

boost::json::object IngestSchemas() {
  return {
      {"PullReport",
       Record({
           Required("datasets", ListOf(Ref("PulledDataset")), "Inputs before what reads them."),
       })},
      {"PulledDataset",
       Record({
           Required("dataset", Text(), "Its name."),
           Required("outcome", OneOf({"committed", "upToDate", "failed", "skipped"}),
                    "`upToDate`: nothing was new; `skipped`: an input failed."),
           Optional("error",
                    Record({
                        Required("code", Text(), "As in a problem."),
                        Required("message", Text({.max = 1 << 16}), "What is wrong."),
                        Optional("hint", Text({.max = 1 << 16}), "What helps."),
                    }),
                    "Why it failed, or was skipped."),
           Optional("files", Integer(), "How many were new at a polling source."),
           Optional("rows", Integer(),
                    "Of the new blocks, retractions and corrections among them."),
           Optional("oldHead", Text(), "The newest block before."),
           Optional("newHead", Text(), "The newest block now."),
           Optional("lastOffset", Integer(), "Of the newest row."),
           Optional("watermark", Time(), "Up to which event time the data is said to be complete."),
           Optional("quarantined", Integer(),
                    "Rows that fail a check and are in NAME$quarantine instead."),
           Optional("warnings", ListOf(Text()), "What checks that only warn have found."),
       })},
      {"IngestReport",
       Record({
           Required("outcome", OneOf({"committed", "upToDate"}),
                    "`upToDate`: there was nothing new in it."),
           Required("rows", Integer(), "Of the new block, retractions and corrections among them."),
           Required("bytes", Integer(), "Of the file."),
           Required("oldHead", Text(), "The newest block before."),
           Required("newHead", Text(), "The newest block now."),
           Optional("lastOffset", Integer(), "Of the newest row."),
           Optional("watermark", Time(), "Up to which event time the data is said to be complete."),
           Optional("quarantined", Integer(),
                    "Rows that fail a check and are in NAME$quarantine instead."),
           Optional("warnings", ListOf(Text()), "What checks that only warn have found."),
           Optional("manifest", Text({.max = 1 << 20}), "Of a dataset that was made for it, YAML."),
       })},
  };
}

}  // namespace weir::api
