#include <boost/json/object.hpp>

#include "cli/arguments.h"
#include "cli/call.h"
#include "cli/commands/commands.h"
#include "cli/commands/dataset_target.h"
#include "cli/commands/lineage_text.h"
#include "cli/records.h"
#include "cli/session.h"
#include "datasets/repository.h"
#include "odf/codec.h"
#include "odf/json.h"
#include "slices/inspect_slice.h"

namespace weir::cli {
namespace {

namespace json = boost::json;

Flag FormatFlag(std::string fallback, std::vector<std::string> choices) {
  Flag flag = OutputFlag();
  flag.fallback = std::move(fallback);
  flag.choices = std::move(choices);
  return flag;
}

Argument FileArgument() {
  return {.name = "FILE", .sentence = "the file", .required = true, .completes = Completes::kFiles};
}

void Print(const Arguments& arguments, Session& session, const json::object& record) {
  static const Shape shape{.columns = {}, .name = [](const Record&) { return std::string(); }};
  PrintRecords(session.out(), session.terminal(), FormatOf(arguments.Text("output")), shape,
               {record}, Plural::kSingle);
}

Result<ExitCode> InspectBlockOf(const Arguments& arguments, Session& session,
                                const std::string& dataset) {
  ASSIGN_OR_RETURN(Client* const client, session.client());
  const std::string tail = "/blocks/" + Escaped(arguments.Text("FILE"));
  ASSIGN_OR_RETURN(const json::object block, CallObject(*client, session.Brief(),
                                                        {.path = DatasetPath(dataset, tail),
                                                         .query = WorkspaceQuery(arguments)}));
  Print(arguments, session, block);
  return ExitCode::kOk;
}

Result<ExitCode> InspectSchema(const Arguments& arguments, Session& session) {
  ASSIGN_OR_RETURN(Client* const client, session.client());
  ASSIGN_OR_RETURN(const json::object schema,
                   CallObject(*client, session.Brief(),
                              {.path = DatasetPath(arguments.Text("NAME"), "/schema"),
                               .query = WorkspaceQuery(arguments)}));
  Print(arguments, session, schema);
  return ExitCode::kOk;
}

Result<ExitCode> InspectBlock(const Arguments& arguments, Session& session) {
  if (const std::string dataset = arguments.Text("dataset"); !dataset.empty()) {
    return InspectBlockOf(arguments, session, dataset);
  }
  const std::string path = arguments.Text("FILE");
  ASSIGN_OR_RETURN(const std::string content,
                   session.files().ReadAll(path, datasets::Repository::kMostBlockBytes));
  const ByteView bytes = AsBytes(content);
  const auto decoded = odf::DecodeBlock(bytes);
  if (!decoded) return Error{decoded.error().code, path + ": " + decoded.error().message};
  Print(arguments, session,
        {{"hash", odf::HashOfBlock(bytes).ToText()},
         {"version", decoded->version},
         {"content", odf::ToJson(decoded->block)}});
  return ExitCode::kOk;
}

Result<ExitCode> InspectSlice(const Arguments& arguments, Session& session) {
  const std::string path = arguments.Text("FILE");
  ASSIGN_OR_RETURN(std::shared_ptr<const ReadableFile> file, session.files().Open(path));
  const auto slice = slices::InspectSlice(session.Long(), std::move(file));
  if (!slice) return Error{slice.error().code, path + ": " + slice.error().message};
  json::object record = slices::ToJson(*slice);
  if (arguments.Text("output") != "text") {
    Print(arguments, session, record);
    return ExitCode::kOk;
  }
  session.out().Write(
      fmt::format("logical hash   {}\nphysical hash  {}\nrecords        {}\n"
                  "size           {}\n\n{}",
                  slice->logical_hash.ToText(), slice->physical_hash.ToText(), slice->records,
                  slice->size, slices::SchemaText(*slice)));
  return ExitCode::kOk;
}

Result<ExitCode> InspectLineage(const Arguments& arguments, Session& session) {
  ASSIGN_OR_RETURN(Client* const client, session.client());
  const bool has_columns = arguments.Has("columns");
  auto query = WorkspaceQuery(arguments);
  if (arguments.Has("upstream") != arguments.Has("downstream")) {
    query.emplace_back("direction", arguments.Has("upstream") ? "upstream" : "downstream");
  }
  if (has_columns) query.emplace_back("columns", "true");
  query.emplace_back("depth", arguments.Text("depth"));
  ASSIGN_OR_RETURN(const json::object lineage,
                   CallObject(*client, session.Brief(),
                              {.path = DatasetPath(arguments.Text("NAME"), "/lineage"),
                               .query = std::move(query)}));
  const std::string output = arguments.Text("output");
  if (output == "dot") {
    session.out().Write(LineageDot(lineage));
  } else if (output == "tree") {
    session.out().Write(LineageTree(lineage, has_columns));
  } else {
    Print(arguments, session, lineage);
  }
  return ExitCode::kOk;
}

Command LineageCommand() {
  return {.name = "lineage",
          .summary = "what a dataset comes from, and what is made of it",
          .description =
              "With --columns, of every column: which columns it comes from, and what becomes of "
              "them on the way, in the words of OpenLineage. Filters, joins and groups decide "
              "which rows there are, and so touch all columns. A column that is not named has no "
              "part in the result.",
          .arguments = {DatasetArgument()},
          .flags = {{.name = "columns", .sentence = "of its columns, one by one"},
                    {.name = "upstream", .sentence = "only what it comes from"},
                    {.name = "downstream", .sentence = "only what is made of it"},
                    {.name = "depth",
                     .value = "STEPS",
                     .sentence = "how far to go, 100 at most",
                     .fallback = "20"},
                    WorkspaceFlag(),
                    FormatFlag("tree", {"tree", "yaml", "json", "dot"})},
          .examples = {{"weir inspect lineage delays --columns", ""},
                       {"weir inspect lineage delays -o dot | dot -Tsvg", "as a picture"}},
          .run = InspectLineage};
}

}  // namespace

Command InspectCommand() {
  return {.name = "inspect",
          .summary = "look into blocks, slices, schemas and lineage",
          .commands = {{.name = "block",
                        .summary = "what a metadata block says, and its hash",
                        .arguments = {{.name = "FILE",
                                       .sentence = "the file; with --dataset the hash of a block, "
                                                   "its number, or head",
                                       .required = true,
                                       .completes = Completes::kFiles}},
                        .flags = {{.name = "dataset",
                                   .value = "NAME",
                                   .sentence = "a block of this dataset",
                                   .completes = Completes::kNames},
                                  WorkspaceFlag(),
                                  FormatFlag("yaml", {"yaml", "json"})},
                        .examples = {{"weir inspect block blocks/f1620…", ""},
                                     {"weir inspect block head --dataset population", ""}},
                        .run = InspectBlock},
                       {.name = "schema",
                        .summary = "the columns of a dataset, as its chain declares them",
                        .arguments = {DatasetArgument()},
                        .flags = {WorkspaceFlag(), FormatFlag("yaml", {"yaml", "json"})},
                        .run = InspectSchema},
                       LineageCommand(),
                       {.name = "slice",
                        .summary = "the hashes of a data slice, its size and its columns",
                        .description = "Reads all of it: the logical hash is that of the rows, "
                                       "however they are encoded.",
                        .arguments = {FileArgument()},
                        .flags = {FormatFlag("text", {"text", "yaml", "json"})},
                        .examples = {{"weir inspect slice data/f1620… -o json", ""}},
                        .run = InspectSlice}}};
}

}  // namespace weir::cli
