#include <boost/json/array.hpp>

#include "cli/arguments.h"
#include "cli/commands/commands.h"
#include "cli/records.h"
#include "cli/session.h"
#include "cli/work_call.h"
#include "server/option_values.h"

namespace weir::cli {
namespace {

namespace json = boost::json;

const Shape& CollectedShape() {
  static const Shape shape{.columns = {{.title = "OBJECTS", .cell = At("objects")},
                                       {.title = "BYTES", .cell = At("bytes")},
                                       {.title = "REPOSITORIES", .cell = At("repositories")},
                                       {.title = "YOUNG", .cell = At("young")}},
                           .name = At("objects")};
  return shape;
}

std::string CollectedLine(const json::object& progress, std::chrono::duration<double> /*taken*/) {
  const Record record(progress);
  return fmt::format("{} objects", At("objects")(record));
}

Result<ExitCode> Run(const Arguments& arguments, Session& session) {
  ASSIGN_OR_RETURN(const auto grace, server::ParseDuration(arguments.Text("grace")));
  json::object body{
      {"dryRun", arguments.Has("dry-run")},
      {"graceSeconds", std::chrono::duration_cast<std::chrono::seconds>(grace).count()}};
  ASSIGN_OR_RETURN(
      const json::object collected,
      CallWork(session, {.method = api::Method::kPost, .path = "/api/gc", .body = std::move(body)},
               "collecting garbage", CollectedLine));
  for (const json::value& why : collected.at("skipped").as_array()) {
    session.Say("note: " + std::string(why.as_string()));
  }
  PrintRecords(session.out(), session.terminal(), FormatOf(arguments.Text("output")),
               CollectedShape(), {collected}, Plural::kSingle);
  return ExitCode::kOk;
}

}  // namespace

Command GcCommand() {
  return {
      .name = "gc",
      .summary = "remove objects that no dataset needs any more",
      .description =
          "Objects that no block leads to (of writes and pulls that were interrupted, of "
          "histories that were replaced), and datasets that were deleted, each once it is older "
          "than the grace time. Datasets that are being worked on are left alone.",
      .flags = {{.name = "dry-run", .sentence = "only say what would be removed"},
                {.name = "grace",
                 .value = "DURATION",
                 .sentence = "how old it has to be",
                 .fallback = "24h"},
                OutputFlag()},
      .examples = {{"weir gc --dry-run", ""}},
      .run = Run};
}

}  // namespace weir::cli
