#include <boost/json/array.hpp>

#include "cli/arguments.h"
#include "cli/commands/commands.h"
#include "cli/commands/dataset_target.h"
#include "cli/commands/history_loss.h"
#include "cli/records.h"
#include "cli/session.h"
#include "cli/work_call.h"
#include "server/option_values.h"

namespace weir::cli {
namespace {

namespace json = boost::json;

const Shape& CompactedShape() {
  static const Shape shape{
      .columns = {{.title = "OUTCOME", .cell = At("outcome")},
                  {.title = "BLOCKS", .cell = At("oldBlocks")},
                  {.title = "NOW", .cell = At("newBlocks")},
                  {.title = "SLICES", .cell = At("oldSlices")},
                  {.title = "NOW", .cell = At("newSlices")},
                  {.title = "HEAD", .cell = At("newHead"), .shown = Column::Shown::kWide}},
      .name = At("newHead")};
  return shape;
}

std::string CompactedLine(const json::object& progress, std::chrono::duration<double> /*taken*/) {
  return fmt::format("{} slices merged", At("merged")(Record(progress)));
}

Result<ExitCode> Run(const Arguments& arguments, Session& session) {
  const std::string name = arguments.Text("NAME");
  if (!arguments.Has("hard")) {
    return Invalid("say --hard: a compaction writes the history of {} anew, with other hashes",
                   name);
  }
  RETURN_IF_ERROR(CheckSaidSo(arguments, name));
  json::object body{{"dryRun", arguments.Has("dry-run")},
                    {"resetDownstream", arguments.Has("reset-downstream")}};
  ASSIGN_OR_RETURN(const auto bytes, server::ParseSize(arguments.Text("max-bytes")));
  ASSIGN_OR_RETURN(const auto records,
                   server::ParseNumber(arguments.Text("max-records"), 1, 1'000'000'000));
  body["maxBytes"] = bytes;
  body["maxRecords"] = records;
  ASSIGN_OR_RETURN(const json::object report, CallWork(session,
                                                       {.method = api::Method::kPost,
                                                        .path = DatasetPath(name, "/compact"),
                                                        .query = WorkspaceQuery(arguments),
                                                        .body = std::move(body)},
                                                       "compacting " + name, CompactedLine));
  for (const json::value& reader : report.at("reset").as_array()) {
    session.Say(fmt::format("note: {} starts over with the next pull",
                            std::string_view(reader.as_string())));
  }
  PrintRecords(session.out(), session.terminal(), FormatOf(arguments.Text("output")),
               CompactedShape(), {report}, Plural::kSingle);
  return ExitCode::kOk;
}

}  // namespace

Command CompactCommand() {
  return {
      .name = "compact",
      .summary = "write the history of a dataset anew with fewer, larger slices",
      .description =
          "Hard compaction: neighbouring data blocks of a root become one block with one slice, "
          "within the limits. Rows, their offsets and the state stay as they are; the hashes from "
          "the first merged block on are others, so that copies see a history that went another "
          "way (`weir push --force`), and times between the merged blocks can not be asked for "
          "any more. What is not needed any more goes with `weir gc`.\n\n"
          "Derivatives that have read the dataset have to start over. They keep it from being "
          "compacted, unless --reset-downstream says that they do.",
      .arguments = {DatasetArgument()},
      .flags = {{.name = "hard", .sentence = "write the chain anew, with other hashes"},
                {.name = "max-bytes",
                 .value = "SIZE",
                 .sentence = "most bytes of the slices that become one",
                 .fallback = "300MB"},
                {.name = "max-records",
                 .value = "NUMBER",
                 .sentence = "most records of the slices that become one",
                 .fallback = "10000"},
                {.name = "reset-downstream",
                 .sentence = "start derivatives over that have read it"},
                {.name = "dry-run", .sentence = "only count"},
                YesFlag(),
                WorkspaceFlag(),
                OutputFlag()},
      .examples = {{"weir compact events --hard --dry-run", ""},
                   {"weir compact events --hard --reset-downstream --yes", ""}},
      .run = Run};
}

}  // namespace weir::cli
