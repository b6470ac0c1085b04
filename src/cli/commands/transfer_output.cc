#include "cli/commands/transfer_output.h"

#include <boost/json/array.hpp>

#include "cli/records.h"

namespace weir::cli {
namespace {

namespace json = boost::json;

const Shape& TransferShape() {
  static const Shape shape{.columns = {{.title = "DATASET", .cell = At("name")},
                                       {.title = "BLOCKS", .cell = At("blocks")},
                                       {.title = "OBJECTS", .cell = At("objects")},
                                       {.title = "BYTES", .cell = At("bytes")}},
                           .name = At("name")};
  return shape;
}

std::uint64_t Count(const json::object& progress, std::string_view name) {
  const json::value* const count = progress.if_contains(name);
  return count == nullptr ? 0 : count->to_number<std::uint64_t>();
}

std::string TransferLine(const json::object& progress, std::chrono::duration<double> taken) {
  return fmt::format("{} blocks, {} of {} objects, {}", Count(progress, "blocks"),
                     Count(progress, "objects"), Count(progress, "allObjects"),
                     BytesLine(Count(progress, "bytes"), Count(progress, "allBytes"), taken));
}

}  // namespace

Result<ExitCode> RunTransfer(const Arguments& arguments, Session& session, Call call,
                             const std::string& what) {
  ASSIGN_OR_RETURN(const json::object done, CallWork(session, std::move(call), what, TransferLine));
  if (const json::value* const warnings = done.if_contains("warnings")) {
    for (const json::value& warning : warnings->as_array()) {
      session.Say("warning: " + std::string(warning.as_string()));
    }
  }
  PrintRecords(session.out(), session.terminal(), FormatOf(arguments.Text("output")),
               TransferShape(), {done}, Plural::kSingle);
  return ExitCode::kOk;
}

}  // namespace weir::cli
