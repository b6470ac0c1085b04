#include "cli/arguments.h"
#include "cli/commands/commands.h"
#include "cli/commands/rows_output.h"
#include "cli/session.h"
#include "cli/targets.h"

namespace weir::cli {
namespace {

Result<ExitCode> Run(const Arguments& arguments, Session& session) {
  const std::string path = fmt::format("/api/{}/{}/tail", Escaped(arguments.Text("workspace")),
                                       Escaped(arguments.Text("NAME")));
  const auto call = [&](std::string_view data_format, std::string_view schema_format) {
    return Call{.path = path,
                .query = {{"limit", arguments.Text("rows")},
                          {"skip", arguments.Text("skip")},
                          {"dataFormat", std::string(data_format)},
                          {"schemaFormat", std::string(schema_format)}}};
  };
  RETURN_IF_ERROR(PrintRows(session, arguments.Text("output"), call));
  return ExitCode::kOk;
}

}  // namespace

Command TailCommand() {
  return {
      .name = "tail",
      .summary = "show the newest events of a dataset",
      .description = "Events come with their system columns, the newest last.",
      .arguments = {{.name = "NAME",
                     .sentence = "the dataset",
                     .required = true,
                     .completes = Completes::kNames}},
      .flags =
          {{.name = "rows", .letter = 'n', .value = "N", .sentence = "how many", .fallback = "10"},
           {.name = "skip", .value = "N", .sentence = "leave out the newest N"},
           WorkspaceFlag(),
           RowsFlag()},
      .examples = {{"weir tail orders -n 3", ""}},
      .run = Run};
}

}  // namespace weir::cli
