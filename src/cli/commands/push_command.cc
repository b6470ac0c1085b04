#include "cli/commands/commands.h"
#include "cli/commands/dataset_target.h"
#include "cli/commands/transfer_output.h"
#include "cli/records.h"

namespace weir::cli {
namespace {

Result<ExitCode> Run(const Arguments& arguments, Session& session) {
  boost::json::object body;
  const std::string url = arguments.Text("URL");
  if (!url.empty()) body["url"] = RepositoryUrl(url);
  if (arguments.Has("force")) body["force"] = true;
  const std::string name = arguments.Text("NAME");
  return RunTransfer(arguments, session,
                     {.method = api::Method::kPost,
                      .path = DatasetPath(name, "/push"),
                      .query = WorkspaceQuery(arguments),
                      .body = std::move(body)},
                     "pushing " + name);
}

}  // namespace

Command PushCommand() {
  return {.name = "push",
          .summary = "bring a dataset to a repository",
          .description =
              "Only what the repository lacks travels: data, then blocks, then the head, so that "
              "whoever reads it sees a whole dataset at any time. A repository that has blocks "
              "which are not here is refused.",
          .arguments = {DatasetArgument(),
                        {.name = "URL",
                         .sentence = "s3://bucket/prefix, file:///path or a directory; without it "
                                     "where it was pushed last, else where it was pulled from",
                         .completes = Completes::kDirectories}},
          .flags = {{.name = "force", .sentence = "replace a history that went another way"},
                    WorkspaceFlag(),
                    OutputFlag()},
          .examples = {{"weir push population s3://lake/population", ""}},
          .run = Run};
}

}  // namespace weir::cli
