#include <boost/json/object.hpp>
#include <filesystem>

#include "cli/arguments.h"
#include "cli/commands/commands.h"
#include "cli/commands/rows_output.h"
#include "cli/session.h"
#include "cli/targets.h"
#include "engine/sql_text.h"

namespace weir::cli {
namespace {

// What was asked for, else what the name of the file says, else CSV.
std::string FormatOf(const Arguments& arguments) {
  if (arguments.Has("format")) return arguments.Text("format");
  const std::string extension = std::filesystem::path(arguments.Text("FILE")).extension().string();
  if (extension == ".parquet") return "parquet";
  if (extension == ".ndjson" || extension == ".jsonl" || extension == ".json") return "ndjson";
  return "csv";
}

std::string_view DataFormatOf(std::string_view format) {
  if (format == "parquet") return "Parquet";
  return format == "ndjson" ? "Ndjson" : "Csv";
}

// A file is there whole or not at all.
Status WriteFile(Session& session, const std::filesystem::path& path, Call call) {
  Files& files = session.files();
  const std::filesystem::path temporary = path.parent_path() / (".tmp-" + path.filename().string());
  const Status written = [&]() -> Status {
    ASSIGN_OR_RETURN(const auto file, files.Create(temporary, IfExists::kReplace));
    RETURN_IF_ERROR(CopyAnswer(session, std::move(call), [&](std::string_view bytes) {
      return file->Append(AsBytes(bytes));
    }));
    RETURN_IF_ERROR(file->Sync());
    RETURN_IF_ERROR(file->Close());
    return files.Rename(temporary, path);
  }();
  if (!written) (void)files.Remove(temporary);
  return written;
}

Result<ExitCode> Run(const Arguments& arguments, Session& session) {
  const std::string format = FormatOf(arguments);
  const boost::json::object body{
      {"query", "SELECT * FROM " + engine::Identifier(arguments.Text("NAME"))},
      {"workspace", arguments.Text("workspace")},
      {"dataFormat", DataFormatOf(format)}};
  Call call{.method = api::Method::kPost, .path = "/api/query", .body = body};
  const std::string file = arguments.Text("FILE");
  if (!file.empty() && file != "-") {
    RETURN_IF_ERROR(WriteFile(session, file, std::move(call)));
    return ExitCode::kOk;
  }
  if (format == "parquet" && session.terminal().out) {
    return Invalid("a Parquet file is nothing for a terminal").WithHint("name a FILE");
  }
  RETURN_IF_ERROR(CopyAnswer(session, std::move(call), [&](std::string_view bytes) -> Status {
    session.out().Write(bytes);
    return Ok();
  }));
  return ExitCode::kOk;
}

}  // namespace

Command ExportCommand() {
  return {.name = "export",
          .summary = "write the rows of a dataset to a file",
          .description =
              "The state of the dataset; NAME$history is all its events. The file is "
              "there whole or not at all.",
          .arguments = {{.name = "NAME",
                         .sentence = "the dataset",
                         .required = true,
                         .completes = Completes::kNames},
                        {.name = "FILE",
                         .sentence = "where to; without it, stdout",
                         .completes = Completes::kFiles}},
          .flags = {{.name = "format",
                     .value = "FORMAT",
                     .sentence = "of the file; else as its name ends, else csv",
                     .choices = {"csv", "ndjson", "parquet"},
                     .completes = Completes::kChoices},
                    WorkspaceFlag()},
          .examples = {{"weir export orders orders.parquet", ""},
                       {"weir export 'orders$history' --format ndjson", "to stdout"}},
          .run = Run};
}

}  // namespace weir::cli
