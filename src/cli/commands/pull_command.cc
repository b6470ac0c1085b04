#include "cli/commands/commands.h"
#include "cli/commands/dataset_target.h"
#include "cli/commands/pull_repository.h"
#include "cli/commands/pull_sources.h"
#include "cli/commands/resource_calls.h"
#include "cli/records.h"

namespace weir::cli {
namespace {

// A dataset that came from a repository is asked for there again, unless its sources run here.
Result<bool> ComesFromRepository(const Arguments& arguments, Session& session,
                                 const std::string& name) {
  ASSIGN_OR_RETURN(Client* const client, session.client());
  const Target target{.type = "dataset", .workspace = arguments.Text("workspace"), .name = name};
  ASSIGN_OR_RETURN(const Record resource, GetOne(*client, session.Brief(), target));
  const bool has_origin = !At("status.facts.origin")(resource).empty();
  const bool trusted = At("status.facts.trusted")(resource) == "true";
  return has_origin && !(trusted && HasPollingSource(resource));
}

Result<ExitCode> Run(const Arguments& arguments, Session& session) {
  const std::vector<std::string> names = arguments.All("FROM");
  if (names.empty() != arguments.Has("all")) {
    return Invalid("give the names of datasets, an address, or --all");
  }
  if (arguments.Has("all")) return PullSources(arguments, session, {});
  const std::string& from = names.front();
  const std::string name = arguments.Text("as");
  if (!name.empty() && names.size() > 1) return Invalid("--as names one dataset");
  if (!name.empty()) return PullRepository(arguments, session, name, from);
  if (IsRepositoryUrl(from)) return Invalid("pull {}: what to call it", from).WithHint("--as NAME");
  if (names.size() == 1) {
    ASSIGN_OR_RETURN(const bool is_far, ComesFromRepository(arguments, session, from));
    if (is_far) return PullRepository(arguments, session, from, "");
  }
  return PullSources(arguments, session, names);
}

}  // namespace

Command PullCommand() {
  return {
      .name = "pull",
      .summary = "bring datasets up to date: from their sources and inputs, or from a repository",
      .description =
          "With names, reads the polling source of each dataset: a URL when its content has "
          "changed, each file of a pattern once; every file becomes a block. Then every "
          "derivative downstream follows, inputs before what reads them; a derivative that is "
          "named brings those that it reads along. What fails stops only what depends on it, and "
          "stands in the dataset's status until a pull goes well.\n\n"
          "With an address and --as, brings a dataset from a repository of the Open Data Fabric "
          "format, and later, by its name, what is new there. Every block, slice and checkpoint "
          "is checked before it becomes part of the dataset; what was interrupted goes on where "
          "it was. The sources of what is pulled do not run here until `weir trust NAME`.",
      .arguments = {{.name = "FROM",
                     .sentence = "names of datasets; or https://host/path, s3://bucket/prefix, "
                                 "file:///path, a directory",
                     .repeated = true,
                     .completes = Completes::kNames}},
      .flags = {{.name = "all",
                 .sentence = "every dataset of the workspace that has a source or is a derivative"},
                {.name = "as", .value = "NAME", .sentence = "what the dataset is called here"},
                {.name = "force", .sentence = "replace a history that went another way"},
                WorkspaceFlag(),
                OutputFlag()},
      .examples = {{"weir pull rates", "what is new at its source"},
                   {"weir pull --all", ""},
                   {"weir pull https://data.example.com/population --as population", ""}},
      .run = Run};
}

}  // namespace weir::cli
