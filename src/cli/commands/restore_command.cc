#include <boost/json/object.hpp>

#include "cli/arguments.h"
#include "cli/commands/commands.h"
#include "cli/progress.h"
#include "cli/records.h"
#include "cli/session.h"
#include "cli/work_call.h"
#include "control/backup/backup.h"
#include "objects/open_object_store.h"
#include "server/restore_home.h"

namespace weir::cli {
namespace {

const Shape& RestoredShape() {
  static const Shape shape{.columns = {{.title = "HOME", .cell = At("home")},
                                       {.title = "TIME", .cell = At("time")},
                                       {.title = "REVISION", .cell = At("revision")},
                                       {.title = "ENTRIES", .cell = At("entries")},
                                       {.title = "OBJECTS", .cell = At("objects")},
                                       {.title = "BYTES", .cell = At("bytes")}},
                           .name = At("home")};
  return shape;
}

Result<ExitCode> Run(const Arguments& arguments, Session& session) {
  if (!arguments.Has("to")) return Invalid("restore to where?").WithHint("give --to HOME");
  backup::RestoreOptions options{.home = arguments.Text("to")};
  if (arguments.Has("at")) {
    auto at = ParseTimestamp(arguments.Text("at"));
    if (!at) return Invalid("--at: {}", at.error().message);
    options.at = *at;
  }
  ASSIGN_OR_RETURN(const auto source, objects::OpenObjectStore(arguments.Text("SOURCE")));
  Progress shown(session.terminal(), "restoring");
  const auto began = std::chrono::steady_clock::now();
  options.on_progress = [&](const backup::Progress& now) {
    shown.Say(fmt::format(
        "restoring: {} chunks, {} objects, {}", now.chunks, now.objects.objects,
        BytesLine(now.bytes + now.objects.bytes, 0, std::chrono::steady_clock::now() - began)));
  };
  ASSIGN_OR_RETURN(const backup::Restored restored,
                   server::RestoreHome(session.Long(), *source, options));
  const Record record{
      {"home", options.home.string()},       {"time", FormatTimestamp(restored.time)},
      {"revision", restored.revision},       {"entries", restored.entries},
      {"objects", restored.objects.objects}, {"bytes", restored.objects.bytes}};
  PrintRecords(session.out(), session.terminal(), FormatOf(arguments.Text("output")),
               RestoredShape(), {record}, Plural::kSingle);
  if (restored.is_earlier) {
    session.Say("note: nothing that was kept says what happened between then and --at");
  }
  if (!restored.has_datasets) {
    session.Say("note: the backup is older than backups of datasets are, and holds none of theirs");
  }
  session.Say(fmt::format(
      "its keys are not in a backup: put your copy of them into {}, or its secrets stay shut",
      (options.home / "keys").string()));
  return ExitCode::kOk;
}

}  // namespace

Command RestoreCommand() {
  return {.name = "restore",
          .summary = "make a home of a backup",
          .description =
              "The home appears complete and checked, or not at all, its datasets included; what "
              "was interrupted is finished by the same command. With --at it is as things were "
              "then.",
          .arguments = {{.name = "SOURCE",
                         .sentence = "the directory or s3://bucket/prefix with the backup",
                         .required = true,
                         .completes = Completes::kDirectories}},
          .flags = {{.name = "to",
                     .value = "HOME",
                     .sentence = "the home to make: an empty directory, or none yet",
                     .completes = Completes::kDirectories},
                    {.name = "at",
                     .value = "TIME",
                     .sentence = "as of then, as 2026-11-21T10:00:00Z; the newest otherwise"},
                    OutputFlag()},
          .examples = {{"weir backup restore /mnt/backups --to /var/lib/weir", ""}},
          .run = Run};
}

}  // namespace weir::cli
