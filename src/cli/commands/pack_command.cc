#include <fmt/format.h>

#include <boost/json/object.hpp>

#include "cli/arguments.h"
#include "cli/call.h"
#include "cli/commands/commands.h"
#include "cli/commands/dataset_target.h"
#include "cli/records.h"
#include "cli/session.h"
#include "cli/work_call.h"

namespace weir::cli {
namespace {

namespace json = boost::json;

const Shape& PackedShape() {
  static const Shape shape{.columns = {{.title = "FILES", .cell = At("files")},
                                       {.title = "SLICES", .cell = At("slices")},
                                       {.title = "ROWS", .cell = At("rows")},
                                       {.title = "BYTES", .cell = At("bytes")}},
                           .name = At("files")};
  return shape;
}

std::string PackedLine(const json::object& progress, std::chrono::duration<double> /*taken*/) {
  return fmt::format("{} slices", At("slices")(Record(progress)));
}

Result<ExitCode> Run(const Arguments& arguments, Session& session) {
  const std::string path = fmt::format("/api/{}/{}/pack", Escaped(arguments.Text("workspace")),
                                       Escaped(arguments.Text("NAME")));
  ASSIGN_OR_RETURN(json::object packed,
                   CallWork(session, {.method = api::Method::kPost, .path = path}, "packing slices",
                            PackedLine));
  PrintRecords(session.out(), session.terminal(), FormatOf(arguments.Text("output")), PackedShape(),
               {std::move(packed)}, Plural::kSingle);
  return ExitCode::kOk;
}

}  // namespace

Command PackCommand() {
  return {
      .name = "pack",
      .summary = "read a dataset's many small slices from few large files",
      .description =
          "Each commit adds a slice, and small commits add many small files. Their rows are "
          "written "
          "once more into a few large ones in the cache, ordered by what queries filter on, and "
          "read from there. The chain stays as it is; what is packed can go at any time, and is "
          "made again. A server packs by itself (`cache.packing`), so this is for homes that are "
          "worked on without one.",
      .arguments = {DatasetArgument()},
      .flags = {WorkspaceFlag(), OutputFlag()},
      .examples = {{"weir pack measurements", ""}, {"weir du measurements", "what it takes up"}},
      .run = Run};
}

}  // namespace weir::cli
