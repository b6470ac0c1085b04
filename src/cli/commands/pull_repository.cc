#include "cli/commands/pull_repository.h"

#include "cli/commands/dataset_target.h"
#include "cli/commands/transfer_output.h"

namespace weir::cli {

Result<ExitCode> PullRepository(const Arguments& arguments, Session& session,
                                const std::string& name, const std::string& url) {
  boost::json::object body;
  if (!url.empty()) body["url"] = RepositoryUrl(url);
  if (arguments.Has("force")) body["force"] = true;
  return RunTransfer(arguments, session,
                     {.method = api::Method::kPost,
                      .path = DatasetPath(name, "/pull"),
                      .query = WorkspaceQuery(arguments),
                      .body = std::move(body)},
                     "pulling " + name);
}

bool IsRepositoryUrl(const std::string& word) {
  return word.find("://") != std::string::npos || word.find('/') != std::string::npos;
}

}  // namespace weir::cli
