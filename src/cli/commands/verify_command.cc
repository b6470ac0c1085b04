#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <filesystem>

#include "cli/arguments.h"
#include "cli/commands/commands.h"
#include "cli/commands/dataset_target.h"
#include "cli/commands/verify_repository.h"
#include "cli/records.h"
#include "cli/session.h"
#include "cli/work_call.h"

namespace weir::cli {
namespace {

namespace json = boost::json;

Shape VerifiedShape(bool recursive) {
  Shape shape{.columns = {{.title = "DATASET", .cell = At("dataset")},
                          {.title = "BLOCKS", .cell = At("blocks")},
                          {.title = "SLICES", .cell = At("slices")},
                          {.title = "RECORDS", .cell = At("records")},
                          {.title = "BYTES", .cell = At("bytes")},
                          {.title = "UNREFERENCED", .cell = At("unreferenced")}},
              .name = At("dataset")};
  if (recursive) {
    shape.columns.push_back({.title = "DATASETS", .cell = At("datasets")});
    shape.columns.push_back({.title = "STEPS", .cell = At("steps")});
  }
  return shape;
}

std::string VerifiedLine(const json::object& progress, std::chrono::duration<double> taken) {
  return fmt::format("{} of {} blocks, {}", At("blocks")(progress), At("allBlocks")(progress),
                     BytesLine(progress.at("bytes").to_number<std::uint64_t>(), 0, taken));
}

Result<Record> VerifyDataset(const Arguments& arguments, Session& session,
                             const std::string& name) {
  json::object body;
  if (arguments.Has("metadata-only")) body["metadataOnly"] = true;
  if (arguments.Has("resume")) body["resume"] = true;
  if (arguments.Has("recursive")) body["recursive"] = true;
  ASSIGN_OR_RETURN(Record record, CallWork(session,
                                           {.method = api::Method::kPost,
                                            .path = DatasetPath(name, "/verify"),
                                            .query = WorkspaceQuery(arguments),
                                            .body = std::move(body)},
                                           "verifying " + name, VerifiedLine));
  record["dataset"] = name;
  return record;
}

bool HoldsRepository(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(std::filesystem::path(path) / "refs" / "head", ignored);
}

Result<Record> VerifyOne(const Arguments& arguments, Session& session, const std::string& what) {
  const bool is_address =
      arguments.Has("remote") || what.find('/') != std::string::npos || what == ".";
  const bool data = !arguments.Has("metadata-only");
  const bool recursive = arguments.Has("recursive");
  if (recursive && !data)
    return Invalid("--recursive reads the data: it goes without --metadata-only");
  if (recursive && is_address) {
    return Invalid(
        "a repository holds one dataset and not what it comes from: --recursive is for "
        "datasets of this home");
  }
  if (is_address) return VerifyRepositoryAt(session, what, data);
  auto record = VerifyDataset(arguments, session, what);
  const bool is_no_dataset = !record && record.error().code == ErrorCode::kNotFound;
  if (is_no_dataset && HoldsRepository(what)) return VerifyRepositoryAt(session, what, data);
  return record;
}

Result<ExitCode> Run(const Arguments& arguments, Session& session) {
  std::vector<Record> verified;
  for (const std::string& what : arguments.All("DATASET")) {
    ASSIGN_OR_RETURN(Record record, VerifyOne(arguments, session, what));
    for (const json::value& warning : record.at("warnings").as_array()) {
      session.Say("warning: " + std::string(warning.as_string()));
    }
    record.erase("warnings");
    record.erase("allBlocks");
    verified.push_back(std::move(record));
  }
  PrintRecords(session.out(), session.terminal(), FormatOf(arguments.Text("output")),
               VerifiedShape(arguments.Has("recursive")), verified, Plural::kList);
  return ExitCode::kOk;
}

}  // namespace

Command VerifyCommand() {
  return {
      .name = "verify",
      .summary = "check datasets and repositories, every block and byte",
      .description =
          "Builds the chain again from the bytes of its blocks, by every rule and with every "
          "hash, and checks size, physical and logical hash of every slice, and every checkpoint. "
          "A repository of any tool of the Open Data Fabric format is checked where it lies, "
          "without bringing it in. With --recursive all that a dataset comes from is checked too, "
          "and every step of a derivative is computed again, with the query that was in force and "
          "the inputs that its block names. The exit code is 7 when something is not as it was "
          "written; "
          "the message names the first block and slice, and of a derivative row and column.",
      .arguments = {{.name = "DATASET",
                     .sentence = "a dataset; or a repository: a directory, file:///path, "
                                 "s3://bucket/prefix, https://host/path",
                     .required = true,
                     .repeated = true,
                     .completes = Completes::kDirectories}},
      .flags = {{.name = "metadata-only", .sentence = "the chain, without slices"},
                {.name = "recursive",
                 .sentence = "what it comes from too, and compute derivatives again"},
                {.name = "remote", .sentence = "what is named is a repository"},
                {.name = "resume",
                 .sentence =
                     "go on with the data of a dataset where the last time was interrupted"},
                WorkspaceFlag(),
                OutputFlag()},
      .examples = {{"weir verify population", ""}, {"weir verify s3://lake/population", ""}},
      .run = Run};
}

}  // namespace weir::cli
