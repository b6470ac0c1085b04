#include "cli/arguments.h"
#include "cli/commands/commands.h"
#include "cli/records.h"
#include "cli/session.h"
#include "control/migrate.h"
#include "server/home_directory.h"
#include "server/home_lock.h"

namespace weir::cli {
namespace {

const Shape& MigrationShape() {
  static const Shape shape{.columns = {{.title = "ENTRIES", .cell = At("entries")},
                                       {.title = "COMMITS", .cell = At("commits")},
                                       {.title = "EVENTS", .cell = At("events")},
                                       {.title = "REVISION", .cell = At("revision")}},
                           .name = At("revision")};
  return shape;
}

Result<ExitCode> Migrate(const Arguments& arguments, Session& session) {
  const std::string target = arguments.Text("to");
  if (!target.starts_with("postgres://") && !target.starts_with("postgresql://")) {
    return Invalid("--to names the PostgreSQL database to move to")
        .WithHint("postgres://USER@HOST/DATABASE, with the password in PGPASSWORD");
  }
  const server::HomePaths paths(session.globals().home);
  ASSIGN_OR_RETURN(const bool exists, session.files().Exists(paths.control_db()));
  if (!exists) return NotFound("{} has no control store", paths.root.string());
  ASSIGN_OR_RETURN(const auto lock, server::LockHome(paths, std::chrono::milliseconds{0}));
  control::PostgresBackend::Options options;
  options.connection.conninfo = target;
  ASSIGN_OR_RETURN(const control::Migration moved,
                   control::MigrateToPostgres(session.Long(), paths.control_db(), options));
  const Record record{{"entries", moved.entries},
                      {"commits", moved.commits},
                      {"events", moved.events},
                      {"revision", moved.revision}};
  PrintRecords(session.out(), session.terminal(), FormatOf(arguments.Text("output")),
               MigrationShape(), {record}, Plural::kSingle);
  session.Say("everything was copied and compared; control.db is as it was");
  session.Say(
      "from now on start the home with `store: postgres://...` in weir.yaml, or WEIR_STORE");
  return ExitCode::kOk;
}

}  // namespace

Command ControlCommand() {
  return {.name = "control",
          .summary = "the control store of a home that no server has open",
          .commands = {{.name = "migrate",
                        .summary = "move the control store of a home to PostgreSQL",
                        .description =
                            "Copies everything into an empty database, reads it back and compares "
                            "it, in one transaction: it can be run again after any failure.",
                        .flags = {{.name = "to",
                                   .value = "URL",
                                   .sentence = "the database, as postgres://USER@HOST/DATABASE"},
                                  OutputFlag()},
                        .examples = {{"weir control migrate --to postgres://weir@db/weir", ""}},
                        .run = Migrate}}};
}

}  // namespace weir::cli
