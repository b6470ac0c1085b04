#include <boost/json/object.hpp>

#include "base/stream.h"
#include "cli/arguments.h"
#include "cli/commands/commands.h"
#include "cli/commands/rows_output.h"
#include "cli/manifest_input.h"
#include "cli/session.h"
#include "cli/standard_input.h"
#include "cli/targets.h"

namespace weir::cli {
namespace {

constexpr std::size_t kMostStatementBytes = 1 << 20;

Result<std::vector<std::string>> StatementsOf(const Arguments& arguments, Session& session) {
  std::vector<std::string> statements = arguments.All("command");
  const std::string file = arguments.Text("FILE");
  if (!statements.empty() && !file.empty()) return Invalid("-c and FILE exclude each other");
  if (!statements.empty()) return statements;
  if (file.empty()) {
    return Invalid("there is no statement").WithHint("weir sql -c \"SELECT ...\", or a file, or -");
  }
  StandardInput standard_input;
  ASSIGN_OR_RETURN(std::string text, file == "-"
                                         ? ReadAll(standard_input, kMostStatementBytes)
                                         : session.files().ReadAll(file, kMostStatementBytes));
  statements.push_back(std::move(text));
  return statements;
}

Result<ExitCode> Run(const Arguments& arguments, Session& session) {
  ASSIGN_OR_RETURN(const auto statements, StatementsOf(arguments, session));
  const std::string output = arguments.Text("output");
  for (const std::string& statement : statements) {
    const auto call = [&](std::string_view data_format, std::string_view schema_format) {
      boost::json::object body{{"query", statement},
                               {"workspace", arguments.Text("workspace")},
                               {"dataFormat", data_format}};
      if (!schema_format.empty()) {
        body["schemaFormat"] = schema_format;
        body["limit"] = kMostInTable + 1;
      }
      return Call{.method = api::Method::kPost, .path = "/api/query", .body = std::move(body)};
    };
    RETURN_IF_ERROR(PrintRows(session, output, call));
  }
  return ExitCode::kOk;
}

}  // namespace

Command SqlCommand() {
  return {.name = "sql",
          .summary = "query datasets",
          .description =
              "NAME is the state of a dataset, NAME$history all its events with the system "
              "columns, NAME$blocks its chain, NAME$quarantine the rows that failed its checks; "
              "system.checks tells what came of those.\n\n"
              "AT (VERSION => ...) takes a block hash or a sequence "
              "number, AT (TIMESTAMP => ...) a time. A name with a dot or a dash is written in "
              "double quotes, or with _ for the dash.\n\n"
              "JSON, NDJSON and CSV are printed as rows come. In JSON and YAML decimals are texts, "
              "in CSV nulls are empty and empty texts are \"\".",
          .arguments = {{.name = "FILE",
                         .sentence = "a statement to run; - reads it from stdin",
                         .completes = Completes::kFiles}},
          .flags = {{.name = "command",
                     .letter = 'c',
                     .value = "SQL",
                     .sentence = "a statement to run; several run in order",
                     .repeated = true},
                    WorkspaceFlag(),
                    RowsFlag()},
          .examples = {{"weir sql -c 'SELECT count(*) FROM orders'", ""},
                       {"weir sql -c 'SHOW TABLES'", "the datasets of the workspace"},
                       {"weir sql -c 'SELECT * FROM orders AT (VERSION => 3)' -o csv",
                        "as it was after block 3"},
                       {"weir sql report.sql -o json", "a statement from a file"}},
          .run = Run};
}

}  // namespace weir::cli
