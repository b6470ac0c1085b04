#include <boost/json/object.hpp>

#include "base/error_map.h"
#include "cli/arguments.h"
#include "cli/commands/commands.h"
#include "cli/commands/kamu_import.h"
#include "cli/progress.h"
#include "cli/records.h"
#include "cli/session.h"
#include "cli/targets.h"

namespace weir::cli {
namespace {

const Shape& ImportShape() {
  static const Shape shape{
      .columns = {{.title = "DATASET", .cell = At("dataset")},
                  {.title = "NAME", .cell = At("name")},
                  {.title = "KIND", .cell = At("kind")},
                  {.title = "OUTCOME", .cell = At("outcome")},
                  {.title = "BLOCKS", .cell = At("blocks")},
                  {.title = "BYTES", .cell = At("bytes")},
                  {.title = "NOTE", .cell = At("note")},
                  {.title = "DID", .cell = At("did"), .shown = Column::Shown::kWide}},
      .name = At("name")};
  return shape;
}

Result<KamuNames> NamesOf(const Arguments& arguments) {
  KamuNames names{
      .workspace = arguments.Text("workspace"), .prefix = arguments.Text("prefix"), .renamed = {}};
  for (const std::string& renaming : arguments.All("rename")) {
    const std::size_t equals = renaming.find('=');
    if (equals == 0 || equals == std::string::npos || equals + 1 == renaming.size()) {
      return Invalid("--rename {}: not of the form OLD=NEW", renaming);
    }
    names.renamed.insert_or_assign(renaming.substr(0, equals), renaming.substr(equals + 1));
  }
  return names;
}

Result<std::vector<datasets::KamuDataset>> Look(Session& session, const std::string& path) {
  Progress shown(session.terminal(), "looking at " + path);
  return datasets::ReadKamuWorkspace(session.Long(), session.files(), path);
}

// The first error there was, for all of them.
Status Failures(const std::vector<Record>& records) {
  std::size_t count = 0;
  const Record* first = nullptr;
  for (const Record& record : records) {
    if (!record.contains("error")) continue;
    if (count++ == 0) first = &record;
  }
  if (first == nullptr) return Ok();
  return Error{CodeOfName(At("error.code")(*first)),
               fmt::format("{} of {} datasets cannot be taken; the first, {}: {}", count,
                           records.size(), At("dataset")(*first), At("error.message")(*first)),
               At("error.hint")(*first)};
}

Result<ExitCode> Run(const Arguments& arguments, Session& session) {
  const std::string path = arguments.Text("PATH");
  ASSIGN_OR_RETURN(const KamuNames names, NamesOf(arguments));
  ASSIGN_OR_RETURN(const auto found, Look(session, path));
  KamuImport import(session, names, arguments.Has("dry-run"));
  RETURN_IF_ERROR(import.Begin());
  std::vector<Record> records;
  for (const datasets::KamuDataset& dataset : found) {
    RETURN_IF_ERROR(session.Long().Check());
    records.push_back(import.Take(dataset));
  }
  PrintRecords(session.out(), session.terminal(), FormatOf(arguments.Text("output")), ImportShape(),
               records, Plural::kList);
  RETURN_IF_ERROR(Failures(records));
  return ExitCode::kOk;
}

Command KamuCommand() {
  return {
      .name = "kamu",
      .summary = "take every dataset of a workspace of Kamu",
      .description =
          "Each dataset is verified, its chain and every slice, before anything of it is seen "
          "here, "
          "and takes its alias as its name, without the account. What cannot be taken is reported "
          "with the reason, and does not keep the others from it. The same command again goes on "
          "where it was interrupted, and brings what was taken before up to date. Sources do not "
          "run here before `weir trust`. The server that has the home reads the workspace, as its "
          "owner alone may tell it to.",
      .arguments = {{.name = "PATH",
                     .sentence = "a directory .kamu, or the one that holds it",
                     .required = true,
                     .completes = Completes::kDirectories}},
      .flags = {{.name = "prefix",
                 .value = "PREFIX",
                 .sentence = "to put before the names of new datasets"},
                {.name = "rename",
                 .value = "OLD=NEW",
                 .sentence = "what to call one: OLD is its alias, directory or DID",
                 .repeated = true},
                {.name = "dry-run", .sentence = "verify, and report, and take nothing"},
                WorkspaceFlag(),
                OutputFlag()},
      .examples = {{"weir import kamu ~/data --dry-run", ""},
                   {"weir import kamu ~/data --prefix old- --rename covid=covid-cases", ""}},
      .run = Run};
}

}  // namespace

Command ImportCommand() {
  return {.name = "import", .summary = "take what another tool keeps", .commands = {KamuCommand()}};
}

}  // namespace weir::cli
