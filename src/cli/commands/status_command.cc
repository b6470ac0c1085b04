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

std::string Doors(const Record& record) {
  std::string text;
  for (const json::value& door : record.at("doors").as_array()) {
    if (!text.empty()) text += ' ';
    text += At("address")(door.as_object());
  }
  return text;
}

const Shape& StatusShape() {
  static const Shape shape{
      .columns = {{.title = "PHASE", .cell = At("phase")},
                  {.title = "VERSION", .cell = At("version")},
                  {.title = "HOME", .cell = At("home")},
                  {.title = "STORE", .cell = At("store")},
                  {.title = "REVISION", .cell = At("revision")},
                  {.title = "UPTIME",
                   .cell = [](const Record& r) { return At("uptimeSeconds")(r) + "s"; }},
                  {.title = "PID", .cell = At("pid")},
                  {.title = "DOORS", .cell = Doors},
                  {.title = "FORMAT", .cell = At("homeFormat"), .shown = Column::Shown::kWide},
                  {.title = "STARTED", .cell = At("startedAt"), .shown = Column::Shown::kWide}},
      .name = At("home")};
  return shape;
}

Result<ExitCode> ShowStatus(const Arguments& arguments, Session& session) {
  ASSIGN_OR_RETURN(Client* const client, session.client());
  ASSIGN_OR_RETURN(const json::object status,
                   CallObject(*client, session.Brief(), {.path = "/api/status"}));
  if (status.at("doors").as_array().empty()) {
    session.Say("no server runs on this home; this command opened it itself");
  }
  PrintRecords(session.out(), session.terminal(), FormatOf(arguments.Text("output")), StatusShape(),
               {status}, Plural::kSingle);
  return ExitCode::kOk;
}

Result<ExitCode> Stop(const Arguments& /*arguments*/, Session& session) {
  ASSIGN_OR_RETURN(Client* const client, session.client());
  const Context context = session.Brief();
  ASSIGN_OR_RETURN(
      const json::object answer,
      CallObject(*client, context, {.method = api::Method::kPost, .path = "/api/stop"}));
  session.Say(client->Name() + " stops");
  return ExitCode::kOk;
}

}  // namespace

Command StatusCommand() {
  return {.name = "status",
          .summary = "say which server has the home, and how it is",
          .flags = {OutputFlag()},
          .run = ShowStatus};
}

Command StopCommand() {
  return {.name = "stop",
          .summary = "stop the server, once the requests it is at are done",
          .run = Stop};
}

}  // namespace weir::cli
