#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "cli/arguments.h"
#include "cli/call.h"
#include "cli/commands/commands.h"
#include "cli/records.h"
#include "cli/session.h"

namespace weir::cli {
namespace {

namespace json = boost::json;

Result<ExitCode> View(const Arguments& arguments, Session& session) {
  ASSIGN_OR_RETURN(Client* const client, session.client());
  ASSIGN_OR_RETURN(const json::object answer,
                   CallObject(*client, session.Brief(), {.path = "/api/config"}));
  const bool origins = arguments.Has("show-origin");
  std::vector<Record> options;
  for (const json::value& option : answer.at("options").as_array()) {
    options.push_back(option.as_object());
    if (!origins) options.back().erase("origin");
  }
  Shape shape{
      .columns = {{.title = "OPTION", .cell = At("name")}, {.title = "VALUE", .cell = At("value")}},
      .name = At("name")};
  if (origins) shape.columns.push_back({.title = "ORIGIN", .cell = At("origin")});
  shape.columns.push_back(
      {.title = "MEANING", .cell = At("description"), .shown = Column::Shown::kWide});
  PrintRecords(session.out(), session.terminal(), FormatOf(arguments.Text("output")), shape,
               options, Plural::kList);
  return ExitCode::kOk;
}

Result<ExitCode> LogLevel(const Arguments& arguments, Session& session) {
  ASSIGN_OR_RETURN(Client* const client, session.client());
  Call call{.path = "/api/log-level"};
  if (arguments.Has("LEVEL")) {
    call.method = api::Method::kPut;
    call.body = json::object{{"level", arguments.Text("LEVEL")}};
  }
  ASSIGN_OR_RETURN(const json::object answer,
                   CallObject(*client, session.Brief(), std::move(call)));
  session.out().Write(At("level")(answer) + "\n");
  return ExitCode::kOk;
}

}  // namespace

Command ConfigCommand() {
  return {.name = "config",
          .summary = "look at the configuration",
          .commands = {{.name = "view",
                        .summary = "show every option as it stands",
                        .flags = {{.name = "show-origin",
                                   .sentence = "and who said so: a flag, a variable, a line of "
                                               "the file, or nobody"},
                                  OutputFlag()},
                        .run = View}}};
}

Command LogLevelCommand() {
  return {.name = "log-level",
          .summary = "show or change how much the server logs, until it stops",
          .arguments = {{.name = "LEVEL", .sentence = "debug, info, warn, error or off"}},
          .run = LogLevel};
}

}  // namespace weir::cli
