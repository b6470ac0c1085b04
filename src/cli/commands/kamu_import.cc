#include "cli/commands/kamu_import.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/json/array.hpp>

#include "base/error_map.h"
#include "cli/call.h"
#include "cli/commands/dataset_target.h"
#include "cli/commands/resource_calls.h"
#include "cli/progress.h"
#include "cli/work_call.h"
#include "datasets/dataset_name.h"
#include "datasets/directory.h"
#include "datasets/verify.h"
#include "objects/local_object_store.h"

namespace weir::cli {
namespace {

namespace json = boost::json;
using datasets::KamuDataset;

constexpr const char* kHowToName = "--rename {}=NAME gives it another, --prefix gives all one";

// The alias without its account.
std::string LastPart(const std::string& alias) { return alias.substr(alias.rfind('/') + 1); }

std::string CalledThere(const KamuDataset& dataset) {
  return dataset.alias.empty() ? dataset.directory : dataset.alias;
}

std::string Key(const std::string& workspace, const std::string& name) {
  return workspace + "/" + datasets::FoldName(name);
}

json::object ToJson(const Error& error) {
  return {{"code", NameOf(error.code)}, {"message", error.message}, {"hint", error.hint}};
}

// What the others of a record say too.
Record Begun(const KamuDataset& dataset) {
  Record record{{"dataset", CalledThere(dataset)}, {"directory", dataset.directory}};
  if (!dataset.readable) return record;
  record["did"] = dataset.id.ToString();
  record["kind"] = dataset.kind == odf::DatasetKind::kRoot ? "Root" : "Derivative";
  return record;
}

std::uint64_t Count(const json::object& object, std::string_view name) {
  const json::value* const count = object.if_contains(name);
  return count == nullptr ? 0 : count->to_number<std::uint64_t>();
}

std::string PullLine(const json::object& progress, std::chrono::duration<double> taken) {
  return fmt::format("{} blocks, {}", Count(progress, "blocks"),
                     BytesLine(Count(progress, "bytes"), Count(progress, "allBytes"), taken));
}

std::vector<std::string> WarningsOf(const json::object& answer) {
  std::vector<std::string> warnings;
  const json::value* const told = answer.if_contains("warnings");
  if (told == nullptr) return warnings;
  for (const json::value& warning : told->as_array()) {
    warnings.emplace_back(std::string_view(warning.as_string()));
  }
  return warnings;
}

}  // namespace

Result<std::string> NameHere(const KamuDataset& dataset, const KamuNames& names) {
  const std::string did = dataset.id.ToString();
  for (const std::string& known :
       {dataset.alias, dataset.directory, did, LastPart(dataset.alias)}) {
    const auto found = names.renamed.find(known);
    if (!known.empty() && found != names.renamed.end()) return found->second;
  }
  if (dataset.alias.empty()) {
    return Invalid("nothing says what it is called: it has no info/alias")
        .WithHint(fmt::format("--rename {}=NAME does", dataset.directory));
  }
  return names.prefix + LastPart(dataset.alias);
}

Status KamuImport::Begin() {
  ASSIGN_OR_RETURN(Client* const client, session_.client());
  ASSIGN_OR_RETURN(const Listed listed,
                   ListAll(*client, session_.Brief(),
                           {.path = "/api/resources", .query = {{"type", "dataset"}}}));
  for (const Record& resource : listed.items) {
    Remember(At("dataset.did")(resource), {At("workspace")(resource), At("name")(resource)});
  }
  return Ok();
}

void KamuImport::Remember(const std::string& did, const Place& place) {
  here_.insert_or_assign(did, place);
  taken_.insert_or_assign(Key(place.workspace, place.name), did);
}

Result<KamuImport::Place> KamuImport::PlaceOf(const KamuDataset& dataset) const {
  const std::string did = dataset.id.ToString();
  if (const auto known = here_.find(did); known != here_.end()) return known->second;
  ASSIGN_OR_RETURN(const std::string name, NameHere(dataset, names_));
  if (!datasets::DatasetNameRule().Allows(name)) {
    return Invalid("{} is no name for a dataset: {}", name, datasets::DatasetNameRule().ToString())
        .WithHint(fmt::format(kHowToName, dataset.directory));
  }
  const auto other = taken_.find(Key(names_.workspace, name));
  if (other == taken_.end()) return Place{names_.workspace, name};
  return AlreadyExists("the name {} is that of dataset {} in workspace {}", name, other->second,
                       names_.workspace)
      .WithHint(fmt::format(kHowToName, dataset.directory));
}

Record KamuImport::Take(const KamuDataset& dataset) {
  Record record = Begun(dataset);
  const auto failed = [&](std::string_view outcome, const Error& error) {
    record["outcome"] = outcome;
    record["note"] = error.message.substr(0, error.message.find('\n'));  // without the request's id
    record["error"] = ToJson(error);
    return record;
  };
  if (!dataset.readable) {
    const Error& error = dataset.readable.error();
    if (error.code != ErrorCode::kNotFound) return failed("failed", error);
    record["outcome"] = "skipped";
    record["note"] = error.message;
    return record;
  }
  const auto place = PlaceOf(dataset);
  if (!place) return failed("failed", place.error());
  record["name"] = place->name;
  record["workspace"] = place->workspace;
  const auto done = dry_run_ ? Verify(dataset) : Pull(dataset, *place);
  if (!done) return failed("failed", done.error());
  for (const auto& [key, value] : *done) record[key] = value;
  Remember(dataset.id.ToString(), *place);
  const std::string note = NoteOf(dataset);
  if (!note.empty()) record["note"] = note;
  return record;
}

Result<Record> KamuImport::Pull(const KamuDataset& dataset, const Place& place) {
  ASSIGN_OR_RETURN(const json::object answer,
                   CallWork(session_,
                            {.method = api::Method::kPost,
                             .path = DatasetPath(place.name, "/pull"),
                             .query = {{"workspace", place.workspace}},
                             .body = json::object{{"url", RepositoryUrl(dataset.path.string())}}},
                            "taking " + CalledThere(dataset), PullLine));
  for (const std::string& warning : WarningsOf(answer)) {
    session_.Say(fmt::format("warning: {}: {}", CalledThere(dataset), warning));
  }
  const bool is_new = answer.at("isNew").as_bool();
  const bool has_come = Count(answer, "blocks") > 0;
  return Record{{"outcome", is_new     ? "taken"
                            : has_come ? "updated"
                                       : "current"},
                {"blocks", answer.at("blocks")},
                {"bytes", answer.at("bytes")}};
}

Result<Record> KamuImport::Verify(const KamuDataset& dataset) {
  objects::LocalObjectStore store(dataset.path, session_.files());
  Progress shown(session_.terminal(), "verifying " + CalledThere(dataset));
  ASSIGN_OR_RETURN(const datasets::Verified verified,
                   datasets::VerifyRepository(session_.Long(), datasets::Repository(store, ""),
                                              {.head = dataset.head}));
  for (const std::string& warning : verified.warnings) {
    session_.Say(fmt::format("warning: {}: {}", CalledThere(dataset), warning));
  }
  return Record{{"outcome", "verified"}, {"blocks", verified.blocks}, {"bytes", verified.bytes}};
}

std::string KamuImport::NoteOf(const KamuDataset& dataset) const {
  std::vector<std::string> notes;
  for (const std::string& input : dataset.inputs) {
    if (!here_.contains(input)) notes.push_back(fmt::format("its input {} is not here", input));
  }
  // The engines that run here; others' rows are read all the same.
  const bool runs_here =
      dataset.engine.empty() || dataset.engine == "duckdb" || dataset.engine == "datafusion";
  if (!runs_here) {
    notes.push_back(
        fmt::format("is read and not updated: engine {} does not run here", dataset.engine));
  }
  return fmt::format("{}", fmt::join(notes, "; "));
}

}  // namespace weir::cli
