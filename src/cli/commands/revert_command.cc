#include <fmt/format.h>

#include <boost/json/object.hpp>

#include "cli/arguments.h"
#include "cli/call.h"
#include "cli/commands/check_words.h"
#include "cli/commands/commands.h"
#include "cli/commands/dataset_target.h"
#include "cli/records.h"
#include "cli/session.h"

namespace weir::cli {
namespace {

namespace json = boost::json;

const Shape& ReportShape() {
  static const Shape shape{
      .columns = {{.title = "OUTCOME", .cell = At("outcome")},
                  {.title = "APPENDED", .cell = At("appended")},
                  {.title = "RETRACTED", .cell = At("retracted")},
                  {.title = "CORRECTED", .cell = At("corrected")},
                  {.title = "LAST OFFSET", .cell = At("lastOffset")},
                  {.title = "HEAD", .cell = At("newHead"), .shown = Column::Shown::kWide}},
      .name = At("newHead")};
  return shape;
}

Result<ExitCode> Run(const Arguments& arguments, Session& session) {
  if (arguments.Has("to") == arguments.Has("commit")) {
    return Invalid("say what to take back: --to BLOCK or TIME, or --commit BLOCK");
  }
  json::object body{{"dryRun", arguments.Has("dry-run")}};
  for (const char* which : {"to", "commit"}) {
    if (arguments.Has(which)) body[which] = arguments.Text(which);
  }
  ASSIGN_OR_RETURN(Client* const client, session.client());
  ASSIGN_OR_RETURN(
      const json::object report,
      CallObject(*client, session.Long(),
                 {.method = api::Method::kPost,
                  .path = fmt::format("/api/{}/{}/revert", Escaped(arguments.Text("workspace")),
                                      Escaped(arguments.Text("NAME"))),
                  .body = std::move(body),
                  .headers = LongWork()}));
  PrintRecords(session.out(), session.terminal(), FormatOf(arguments.Text("output")), ReportShape(),
               {report}, Plural::kSingle);
  TellOfChecks(session, arguments.Text("NAME"), report);
  return ExitCode::kOk;
}

}  // namespace

Command RevertCommand() {
  return {
      .name = "revert",
      .summary = "take back what was loaded into a dataset",
      .description =
          "One more block brings the rows back to what they were: it retracts what came since, "
          "corrects what changed and appends what went. History stays as it is, so a revert can be "
          "reverted. Datasets downstream follow with the next `weir pull`; derivatives are not "
          "reverted themselves.\n\n"
          "With --to, everything after that block is undone. With --commit, that block alone, "
          "when no later one has changed or taken its rows; if one has, it is named.\n\n"
          "The watermark stays, and so does the place where a source is read on. What was taken "
          "back can be loaded again, also into a Ledger; a Snapshot says again what its source "
          "says, the next time it is read.\n\n"
          "The checks of the dataset are asked: rows that they would not let in do not come back.",
      .arguments = {DatasetArgument()},
      .flags = {{.name = "to",
                 .value = "BLOCK|TIME",
                 .sentence = "the last block to keep: its number, its hash, or a time after it"},
                {.name = "commit", .value = "BLOCK", .sentence = "the one block to undo"},
                {.name = "dry-run", .sentence = "only count the rows"},
                WorkspaceFlag(),
                OutputFlag()},
      .examples = {{"weir log sales", "which block was the bad one"},
                   {"weir revert sales --to 6 --dry-run", ""},
                   {"weir revert sales --to 2026-01-31T12:00:00Z", ""},
                   {"weir revert sales --commit 7", "keep what was loaded after it"}},
      .run = Run};
}

}  // namespace weir::cli
