#include <boost/json/value.hpp>

#include "api/backups.h"
#include "api/component_sets.h"
#include "api/routes.h"
#include "api/services.h"

namespace weir::api {
namespace {

using namespace schema;  // NOLINT: the schemas are part of what this file says

Outcome ToOutcome(Result<BackupReport> report) {
  if (!report) return std::move(report).error();
  return JsonResponse(boost::json::object{
      {"id", report->id},
      {"revision", report->revision},
      {"time", FormatTimestamp(report->time)},
      {"chunks", report->chunks},
      {"newChunks", report->new_chunks},
      {"bytes", report->bytes},
  });
}

Outcome PostBackup(const Services& services, const Call& call) {
  return ToOutcome(services.backups.Create(call.context, *TextIn(call.body, "target")));
}

Outcome PostVerification(const Services& services, const Call& call) {
  const auto check = services.backups.Verify(call.context, *TextIn(call.body, "target"));
  if (!check) return check.error();
  return JsonResponse(boost::json::object{
      {"backups", check->backups},
      {"newest", check->newest.id},
      {"revision", check->newest.revision},
      {"time", FormatTimestamp(check->newest.time)},
      {"chunks", check->chunks},
      {"bytes", check->bytes},
  });
}

}  // namespace

std::vector<Route> BackupRoutes() {
  const RequestBody body = {.schema = Ref("BackupTarget"), .description = "Where it is."};
  const Answer report = {.description = "What the backup is.", .schema = Ref("BackupReport")};
  const Answer check = {.description = "What is there.", .schema = Ref("BackupCheck")};
  return {
      {.method = Method::kPost,
       .path = "/api/backups",
       .action = "backup:create",
       .tag = "Backups",
       .summary = "Copies the home's facts as of now, while it goes on working.",
       .description = "What the target already has is not copied again. Keys are not in it.",
       .body = body,
       .answers = {report},
       .problems = {403, 404, 429, 501},
       .handler = PostBackup},
      {.method = Method::kPost,
       .path = "/api/backups/verify",
       .action = "backup:verify",
       .tag = "Backups",
       .summary = "Reads every backup at a place, and checks every byte.",
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
                           Required("bytes", Integer(), "Stored now."),
                       })},
      {"BackupCheck", Record({
                          Required("backups", Integer(), "How many there are."),
                          Required("newest", Text(), "Id of the newest."),
                          Required("revision", Integer(), "Of the control store that it holds."),
                          Required("time", Time(), "When it was made."),
                          Required("chunks", Integer(), "How many pieces all consist of."),
                          Required("bytes", Integer(), "In these pieces."),
                      })},
  };
}

}  // namespace weir::api
