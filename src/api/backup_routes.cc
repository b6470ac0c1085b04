#include <boost/json/value.hpp>

#include "api/backups.h"
#include "api/component_sets.h"
#include "api/routes.h"
#include "api/services.h"
#include "api/work.h"

namespace weir::api {
namespace {

using namespace schema;  // NOLINT: the schemas are part of what this file says

boost::json::object ToJson(const BackupReport& report) {
  return {{"id", report.id},
          {"revision", report.revision},
          {"time", FormatTimestamp(report.time)},
          {"chunks", report.chunks},
          {"newChunks", report.new_chunks},
          {"datasets", report.datasets},
          {"objects", report.objects},
          {"newObjects", report.new_objects},
          {"bytes", report.bytes}};
}

boost::json::object ToJson(const BackupCheck& check) {
  return {{"backups", check.backups},
          {"newest", check.newest.id},
          {"revision", check.newest.revision},
          {"time", FormatTimestamp(check.newest.time)},
          {"chunks", check.chunks},
          {"datasets", check.datasets},
          {"objects", check.objects},
          {"bytes", check.bytes}};
}

OnBackupProgress Told(const Report& report) {
  return [&report](const BackupProgress& now) {
    report({{"chunks", now.chunks}, {"objects", now.objects}, {"bytes", now.bytes}});
  };
}

Outcome PostBackup(const Services& services, const Call& call) {
  return DoWork(call,
                [&services, target = *TextIn(call.body, "target")](
                    const Context& context, const Report& report) -> Result<boost::json::object> {
                  ASSIGN_OR_RETURN(const BackupReport made,
                                   services.backups.Create(context, target, Told(report)));
                  return ToJson(made);
                });
}

Outcome PostVerification(const Services& services, const Call& call) {
  return DoWork(call,
                [&services, target = *TextIn(call.body, "target")](
                    const Context& context, const Report& report) -> Result<boost::json::object> {
                  ASSIGN_OR_RETURN(const BackupCheck check,
                                   services.backups.Verify(context, target, Told(report)));
                  return ToJson(check);
                });
}

}  // namespace

std::vector<Route> BackupRoutes() {
  const RequestBody body = {.schema = Ref("BackupTarget"), .description = "Where it is."};
  const Answer report = WorkAnswer("BackupReport", "What the backup is.");
  const Answer check = WorkAnswer("BackupCheck", "What is there.");
  return {
      {.method = Method::kPost,
       .path = "/api/backups",
       .action = "backup:create",
       .tag = "Backups",
       .summary = "Copies the home's facts and datasets as of now, while it goes on working.",
       .description = "All datasets are of one moment. What the target already has is not copied "
                      "again. Keys are not in it.",
       .body = body,
       .answers = {report},
       .problems = {403, 404, 429, 501},
       .handler = PostBackup},
      {.method = Method::kPost,
       .path = "/api/backups/verify",
       .action = "backup:verify",
       .tag = "Backups",
       .summary = "Reads every backup at a place, and checks every byte and chain.",
       .body = body,
       .answers = {check},
       .problems = {403, 404, 429, 501},
       .handler = PostVerification},
  };
}

boost::json::object BackupSchemas() {
  return {
      {"BackupTarget",
       Object({Required("target", Text({.min = 1, .max = 4096, .shape = &kPrintable}),
                        "A directory on the server, or `s3://bucket/prefix`.")})},
      {"BackupReport", Record({
                           Required("id", Text(), "Of the backup."),
                           Required("revision", Integer(), "Of the control store that it holds."),
                           Required("time", Time(), "When it was made."),
                           Required("chunks", Integer(), "How many pieces it consists of."),
                           Required("newChunks", Integer(), "How many of them were stored now."),
                           Required("datasets", Integer(), "How many are in it."),
                           Required("objects", Integer(),
                                    "How many blocks, slices and checkpoints they consist of."),
                           Required("newObjects", Integer(), "How many were stored now."),
                           Required("bytes", Integer(), "Stored now."),
                       })},
      {"BackupCheck",
       Record({
           Required("backups", Integer(), "How many there are."),
           Required("newest", Text(), "Id of the newest."),
           Required("revision", Integer(), "Of the control store that it holds."),
           Required("time", Time(), "When it was made."),
           Required("chunks", Integer(), "How many pieces all consist of."),
           Required("datasets", Integer(), "How many are in all of them."),
           Required("objects", Integer(), "How many blocks, slices and checkpoints were checked."),
           Required("bytes", Integer(), "In these pieces, slices and checkpoints."),
       })},
  };
}

}  // namespace weir::api
