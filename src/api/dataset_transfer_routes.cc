#include "api/component_sets.h"
#include "api/dataset_path.h"
#include "api/dataset_transfer_handlers.h"
#include "api/routes.h"
#include "api/work.h"

namespace weir::api {
namespace {

using namespace schema;  // NOLINT: the schemas are part of what this file says

Field Url(std::string_view description) {
  return Optional("url", Text({.min = 1, .max = 4096, .shape = &kPrintable}), description);
}

std::vector<Field> TransferFields(std::vector<Field> more) {
  std::vector<Field> fields = {
      Required("blocks", Integer(), "That were brought."),
      Required("objects", Integer(), "Slices and checkpoints that are there now."),
      Required("bytes", Integer(), "That travelled."),
      Required("allObjects", Integer(), "That the new blocks lead to."),
      Required("allBytes", Integer(), "Of these objects."),
      Required("name", Text(), "Of the dataset."),
  };
  for (Field& field : more) fields.push_back(std::move(field));
  return fields;
}

}  // namespace

std::vector<Route> DatasetTransferRoutes() {
  return {
      {.method = Method::kPost,
       .path = "/api/datasets/{name}/pull",
       .action = "dataset:pull",
       .tag = "Datasets",
       .summary = "Brings a dataset from a repository, or what is new in it.",
       .description =
           "Everything is checked before it becomes part of the dataset; what was interrupted goes "
           "on where it was. A dataset of that name is made when there is none; its sources do "
           "not run here until it is trusted. A server takes paths from its owner alone, and from "
           "others no address of its own network.",
       .parameters = DatasetPathParameters(),
       .body = RequestBody{.schema = Ref("Pull"), .description = "From where."},
       .answers = {WorkAnswer("Pulled", "What came.")},
       .problems = {403, 404, 429, 501, 503},
       .handler = PostRepositoryPull},
      {.method = Method::kPost,
       .path = "/api/datasets/{name}/push",
       .action = "dataset:push",
       .tag = "Datasets",
       .summary = "Brings a dataset to a repository: what it lacks, and the head last.",
       .parameters = DatasetPathParameters(),
       .body = RequestBody{.schema = Ref("Push"), .description = "Where to."},
       .answers = {WorkAnswer("Pushed", "What went.")},
       .problems = {403, 404, 429, 501, 503},
       .handler = PostRepositoryPush},
      {.method = Method::kPost,
       .path = "/api/datasets/{name}/trust",
       .action = "dataset:trust",
       .tag = "Datasets",
       .summary = "Lets the sources of a pulled dataset run here, or no longer.",
       .parameters = DatasetPathParameters(),
       .body = RequestBody{.schema = Ref("Trust"), .description = "Whether."},
       .answers = {{.description = "As it is now.", .schema = Ref("Trusted")}},
       .problems = {404},
       .handler = PostTrust},
      {.method = Method::kPost,
       .path = "/api/gc",
       .action = "dataset:gc",
       .tag = "Datasets",
       .summary = "Removes objects that no block leads to, and datasets deleted long ago.",
       .body = RequestBody{.schema = Ref("GarbageCollection"), .description = "How."},
       .answers = {WorkAnswer("Collected", "What was removed, or would be.")},
       .problems = {429, 503},
       .handler = PostGarbageCollection},
  };
}

boost::json::object DatasetTransferSchemas() {
  return {
      {"Pull", Object({Url("Of the repository: `https://`, `s3://`, `file://` or a path. Left out: "
                           "the one it came from."),
                       Optional("force", Flag(), "Where both went on, theirs replaces ours.")})},
      {"Push", Object({Url("Of the repository: `s3://`, `file://` or a path. Left out: the one it "
                           "was pushed to last, else the one it came from."),
                       Optional("force", Flag(), "Where both went on, ours replaces theirs.")})},
      {"Pulled",
       Record(TransferFields({Required("workspace", Text(), "Of the dataset."),
                              Required("did", Text(), "Its identity."),
                              Required("head", Text(), "The newest block of the repository."),
                              Required("isNew", Flag(), "Whether the name is new here."),
                              Required("warnings", ListOf(Text({.max = 4096})),
                                       "Rules only Weir is strict about.")}))},
      {"Pushed", Record(TransferFields({}))},
      {"Trust", Object({Optional("trusted", Flag(), "True when it is left out.")})},
      {"Trusted", Record({Required("name", Text(), "Of the dataset."),
                          Required("trusted", Flag(), "Whether its sources may run.")})},
      {"GarbageCollection", Object({Optional("dryRun", Flag(), "Only says what would be removed."),
                                    Optional("graceSeconds", Integer(0, 10LL * 365 * 24 * 3600),
                                             "How old it has to be; a day when it is left out.")})},
      {"Collected",
       Record({Required("objects", Integer(), "That were removed."),
               Required("bytes", Integer(), "Of these objects."),
               Required("repositories", Integer(), "That went as a whole."),
               Required("young", Integer(), "Objects without a block that are not old enough."),
               Required("skipped", ListOf(Text({.max = 4096})), "Datasets left alone, and why."),
               Required("dryRun", Flag(), "Whether it was only said.")})},
  };
}

}  // namespace weir::api
