#include <boost/json/object.hpp>

#include "cli/arguments.h"
#include "cli/commands/commands.h"
#include "cli/records.h"
#include "cli/session.h"
#include "control/backup/backup.h"
#include "objects/open_object_store.h"

namespace weir::cli {
namespace {

const Shape& RestoredShape() {
  static const Shape shape{.columns = {{.title = "HOME", .cell = At("home")},
                                       {.title = "TIME", .cell = At("time")},
                                       {.title = "REVISION", .cell = At("revision")},
                                       {.title = "ENTRIES", .cell = At("entries")}},
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
  ASSIGN_OR_RETURN(const backup::Restored restored,
                   backup::Restore(session.Long(), *source, options));
  const Record record{{"home", options.home.string()},
                      {"time", FormatTimestamp(restored.time)},
                      {"revision", restored.revision},
                      {"entries", restored.entries}};
  PrintRecords(session.out(), session.terminal(), FormatOf(arguments.Text("output")),
               RestoredShape(), {record}, Plural::kSingle);
  if (restored.is_earlier) {
    session.Say("note: nothing that was kept says what happened between then and --at");
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
              "The home appears complete and checked, or not at all. With --at it is as "
              "things were then.",
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
