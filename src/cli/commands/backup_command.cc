#include <boost/json/value.hpp>
#include <filesystem>

#include "cli/arguments.h"
#include "cli/commands/commands.h"
#include "cli/records.h"
#include "cli/session.h"
#include "cli/work_call.h"

namespace weir::cli {
namespace {

namespace json = boost::json;

const Shape& BackupShape() {
  static const Shape shape{.columns = {{.title = "BACKUP", .cell = At("id")},
                                       {.title = "REVISION", .cell = At("revision")},
                                       {.title = "TIME", .cell = At("time")},
                                       {.title = "CHUNKS", .cell = At("chunks")},
                                       {.title = "NEW", .cell = At("newChunks")},
                                       {.title = "DATASETS", .cell = At("datasets")},
                                       {.title = "OBJECTS", .cell = At("objects")},
                                       {.title = "ADDED", .cell = At("newObjects")},
                                       {.title = "BYTES", .cell = At("bytes")}},
                           .name = At("id")};
  return shape;
}

const Shape& CheckShape() {
  static const Shape shape{.columns = {{.title = "BACKUPS", .cell = At("backups")},
                                       {.title = "NEWEST", .cell = At("newest")},
                                       {.title = "REVISION", .cell = At("revision")},
                                       {.title = "TIME", .cell = At("time")},
                                       {.title = "CHUNKS", .cell = At("chunks")},
                                       {.title = "DATASETS", .cell = At("datasets")},
                                       {.title = "OBJECTS", .cell = At("objects")},
                                       {.title = "BYTES", .cell = At("bytes")}},
                           .name = At("newest")};
  return shape;
}

// The server may stand in another directory than whoever types the command.
std::string TargetOf(const Arguments& arguments) {
  std::string target = arguments.Text("TARGET");
  if (target.find("://") != std::string::npos) return target;
  return std::filesystem::absolute(target).lexically_normal().string();
}

std::string BackupLine(const json::object& progress, std::chrono::duration<double> taken) {
  return fmt::format("{} chunks, {} objects, {}", At("chunks")(progress), At("objects")(progress),
                     BytesLine(progress.at("bytes").to_number<std::uint64_t>(), 0, taken));
}

Result<ExitCode> Report(const Arguments& arguments, Session& session, const std::string& path,
                        const std::string& what, const Shape& shape) {
  ASSIGN_OR_RETURN(const json::object report,
                   CallWork(session,
                            {.method = api::Method::kPost,
                             .path = path,
                             .body = json::object{{"target", TargetOf(arguments)}}},
                            what, BackupLine));
  PrintRecords(session.out(), session.terminal(), FormatOf(arguments.Text("output")), shape,
               {report}, Plural::kSingle);
  return ExitCode::kOk;
}

Argument TargetArgument() {
  return {.name = "TARGET",
          .sentence = "a directory, or s3://bucket/prefix",
          .required = true,
          .completes = Completes::kDirectories};
}

}  // namespace

Command BackupCommand() {
  return {
      .name = "backup",
      .summary = "back the home up, check a backup, restore one",
      .commands = {
          {.name = "create",
           .summary = "back the home up, while it is in use",
           .description = "A backup holds the facts of the home and all its datasets, of one "
                          "moment, and stores only what earlier ones in the same place do not "
                          "have. The keys that open secret values are not in it: "
                          "keep a copy of the home's keys/ apart, or the secrets of a restored "
                          "home stay shut.",
           .arguments = {TargetArgument()},
           .flags = {OutputFlag()},
           .examples = {{"weir backup create /mnt/backups", ""},
                        {"weir backup create s3://backups/weir", "with AWS_* of the server"}},
           .run = [](const Arguments& arguments, Session& session) -> Result<ExitCode> {
             ASSIGN_OR_RETURN(const ExitCode done, Report(arguments, session, "/api/backups",
                                                          "backing up", BackupShape()));
             session.Say("the keys are not in the backup; keep a copy of keys/ elsewhere");
             return done;
           }},
          {.name = "verify",
           .summary = "read every backup back, and check every byte",
           .description = "Chains of datasets are built again from their blocks, and slices are "
                          "checked as `weir verify` does. The exit code is 7 when something is not "
                          "as it was written.",
           .arguments = {TargetArgument()},
           .flags = {OutputFlag()},
           .run =
               [](const Arguments& arguments, Session& session) {
                 return Report(arguments, session, "/api/backups/verify", "verifying",
                               CheckShape());
               }},
          RestoreCommand()}};
}

}  // namespace weir::cli
