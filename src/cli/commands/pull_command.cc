#include "cli/commands/commands.h"
#include "cli/commands/dataset_target.h"
#include "cli/commands/pull_repository.h"
#include "cli/records.h"

namespace weir::cli {
namespace {

Result<ExitCode> Run(const Arguments& arguments, Session& session) {
  const std::string from = arguments.Text("FROM");
  const std::string name = arguments.Text("as");
  if (!name.empty()) return PullRepository(arguments, session, name, from);
  if (IsRepositoryUrl(from)) return Invalid("pull {}: what to call it", from).WithHint("--as NAME");
  return PullRepository(arguments, session, from, "");
}

}  // namespace

Command PullCommand() {
  return {.name = "pull",
          .summary = "bring a dataset from a repository, or what is new in it",
          .description =
              "Every block, slice and checkpoint is checked before it becomes part of the dataset. "
              "What was interrupted goes on where it was. The sources of what is pulled do not run "
              "here until `weir trust NAME`.",
          .arguments = {{.name = "FROM",
                         .sentence = "https://host/path, s3://bucket/prefix, file:///path, a "
                                     "directory; or a dataset that was pulled before",
                         .required = true,
                         .completes = Completes::kDirectories}},
          .flags = {{.name = "as", .value = "NAME", .sentence = "what the dataset is called here"},
                    {.name = "force", .sentence = "replace a history that went another way"},
                    WorkspaceFlag(),
                    OutputFlag()},
          .examples = {{"weir pull https://data.example.com/population --as population", ""},
                       {"weir pull population", "what is new there"}},
          .run = Run};
}

}  // namespace weir::cli
