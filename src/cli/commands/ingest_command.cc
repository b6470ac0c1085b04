#include <fmt/format.h>

#include <boost/json/object.hpp>
#include <chrono>
#include <filesystem>

#include "base/file_source.h"
#include "base/steady_file.h"
#include "cli/arguments.h"
#include "cli/call.h"
#include "cli/commands/check_words.h"
#include "cli/commands/commands.h"
#include "cli/records.h"
#include "cli/session.h"
#include "cli/standard_input.h"
#include "cli/targets.h"

namespace weir::cli {
namespace {

namespace json = boost::json;

const Shape& ReportShape() {
  static const Shape shape{
      .columns = {{.title = "FILE", .cell = At("file")},
                  {.title = "OUTCOME", .cell = At("outcome")},
                  {.title = "ROWS", .cell = At("rows")},
                  {.title = "LAST OFFSET", .cell = At("lastOffset")},
                  {.title = "WATERMARK", .cell = At("watermark")},
                  {.title = "HEAD", .cell = At("newHead"), .shown = Column::Shown::kWide}},
      .name = At("newHead")};
  return shape;
}

// One file and how it is sent.
class Sending {
 public:
  Sending(const Arguments& arguments, Session& session)
      : arguments_(arguments), session_(session) {}

  Result<json::object> Send(const std::string& file) {
    const bool is_piped = file == "-";
    Call call{.method = api::Method::kPost,
              .path = fmt::format("/api/{}/{}/ingest", Escaped(Workspace()),
                                  Escaped(arguments_.Text("NAME"))),
              .query = {{"sourceName", arguments_.Text("source-name")},
                        {"format", arguments_.Text("format")},
                        {"fileName", is_piped ? "standard input" : NameOf(file)}},
              .headers = LongWork()};
    call.headers.Set("Content-Type", "application/octet-stream");
    if (arguments_.Has("create")) call.query.emplace_back("create", "true");
    if (arguments_.Has("evolve")) call.query.emplace_back("evolve", "true");
    for (const std::string& key : arguments_.All("key")) call.query.emplace_back("key", key);
    if (arguments_.Has("event-time")) {
      call.headers.Set("Odf-Event-Time", arguments_.Text("event-time"));
    }
    std::unique_ptr<ByteSource> content = std::make_unique<StandardInput>();
    if (!is_piped) {
      ASSIGN_OR_RETURN(std::shared_ptr<const ReadableFile> opened,
                       OpenSteady(session_.files(), file));
      content = SourceOf(std::move(opened));
    }
    ASSIGN_OR_RETURN(Client* const client, session_.client());
    const auto began = session_.clock().Steady();
    ASSIGN_OR_RETURN(json::object report,
                     SendContent(*client, session_.Long(), std::move(call), std::move(content)));
    report["file"] = file;
    Tell(report, session_.clock().Steady() - began);
    return report;
  }

 private:
  std::string Workspace() const { return arguments_.Text("workspace"); }

  static std::string NameOf(const std::string& file) {
    return std::filesystem::path(file).filename().string();
  }

  void Tell(json::object& report, std::chrono::nanoseconds took) const {
    if (const auto* manifest = report.if_contains("manifest")) {
      session_.Say("made the dataset, as the file seems to be:\n");
      session_.Say(std::string_view(manifest->as_string()));
    }
    TellOfChecks(session_, arguments_.Text("NAME"), report);
    if (!session_.terminal().err) return;
    const double seconds = std::max(0.001, std::chrono::duration<double>(took).count());
    const double mib = report["bytes"].to_number<double>() / (1 << 20);
    const double rows = report["rows"].to_number<double>();
    session_.Say(fmt::format("{}: {:.1f} MiB in {:.1f}s, {:.0f} rows/s, {:.1f} MiB/s",
                             std::string_view(report["file"].as_string()), mib, seconds,
                             rows / seconds, mib / seconds));
  }

  const Arguments& arguments_;
  Session& session_;
};

Result<ExitCode> Ingest(const Arguments& arguments, Session& session) {
  std::vector<std::string> files = arguments.All("FILE");
  if (files.empty()) files = {"-"};
  if (arguments.Has("key") && !arguments.Has("create")) {
    return Invalid("--key is for a dataset that is made: give --create with it");
  }
  Sending sending(arguments, session);
  std::vector<Record> reports;
  Status status;
  for (const std::string& file : files) {
    auto report = sending.Send(file);
    if (!report) {
      status = report.error();
      break;
    }
    reports.push_back(*std::move(report));
  }
  const Format format = FormatOf(arguments.Text("output"));
  const Plural plural = files.size() == 1 ? Plural::kSingle : Plural::kList;
  if (!reports.empty()) {
    PrintRecords(session.out(), session.terminal(), format, ReportShape(), reports, plural);
  }
  if (!status && !reports.empty()) {
    session.Say(fmt::format("{} of {} files are in the dataset; the next one is refused:",
                            reports.size(), files.size()));
  }
  RETURN_IF_ERROR(status);
  return ExitCode::kOk;
}

}  // namespace

Command IngestCommand() {
  return {
      .name = "ingest",
      .summary = "add the rows of files to a dataset",
      .description =
          "A file is one block: all of its rows come in, or none. They are read, preprocessed and "
          "merged as the dataset's push source says, and what changes nothing makes no block. A "
          "bad row refuses its file, and is named by file, line, column and value.\n\n"
          "Avro, ORC and the first sheet of an xlsx file are read as such when the file's name "
          "ends "
          "in .avro, .orc or .xlsx, whatever the source reads; the columns that the source "
          "declares "
          "hold for them too. The first row of a sheet has the columns' names.\n\n"
          "With --create the dataset is made when it is not there, as the first file seems to be: "
          "its format and columns are found out, and the manifest is printed. Rows are only added, "
          "unless --key names the columns that identify one: then a row replaces the earlier one, "
          "so that loading a corrected file again corrects the rows.\n\n"
          "A column that the dataset does not have refuses its file, too, unless --evolve is "
          "given: "
          "then it becomes a column of the dataset, empty in the rows that are there, and optional "
          "columns that the file lacks are empty in its rows. A column never goes, changes its "
          "type "
          "or becomes required.\n\n"
          "A file that changes while it is read is refused.",
      .arguments = {{.name = "NAME", .sentence = "of the dataset", .required = true},
                    {.name = "FILE",
                     .sentence = "what to add, one block each; - or nothing: standard input",
                     .repeated = true,
                     .completes = Completes::kFiles}},
      .flags = {WorkspaceFlag(),
                {.name = "format",
                 .value = "FORMAT",
                 .sentence =
                     "of the files, when it is neither the source's nor what their names say",
                 .choices = {"csv", "json", "ndjson", "parquet", "avro", "orc", "xlsx"}},
                {.name = "source-name",
                 .value = "NAME",
                 .sentence = "of the push source",
                 .fallback = "default"},
                {.name = "event-time",
                 .value = "TIME",
                 .sentence = "of rows without one, RFC 3339; now otherwise"},
                {.name = "create", .sentence = "make the dataset when it is not there"},
                {.name = "evolve", .sentence = "let the dataset grow by the columns that are new"},
                {.name = "key",
                 .value = "COLUMN",
                 .sentence = "of a dataset that is made: a column that identifies a row",
                 .repeated = true},
                OutputFlag()},
      .examples = {{"weir ingest sales june.csv --create --key id", "make it, and load a file"},
                   {"weir ingest sales june.csv july.csv", "two more blocks"},
                   {"weir ingest sales august.csv --evolve", "it has a column that is new"},
                   {"generate | weir ingest events --format ndjson", "from standard input"}},
      .run = Ingest};
}

}  // namespace weir::cli
