#include "server/restore_home.h"

#include <memory>

#include "datasets/backup/dataset_copies.h"
#include "objects/local_object_store.h"
#include "objects/open_object_store.h"
#include "server/config.h"
#include "server/home_directory.h"

namespace weir::server {
namespace {

Result<std::unique_ptr<objects::ObjectStore>> OpenPlace(const std::string& url,
                                                        const HomePaths& paths) {
  if (!url.empty()) return objects::OpenObjectStore(url);
  return std::make_unique<objects::LocalObjectStore>(paths.datasets(), PosixFiles());
}

Result<backup::ObjectCounts> BringDatasets(const Context& context, objects::ObjectStore& source,
                                           control::Snapshot& restored, const Files::Path& home,
                                           const backup::OnObjects& on_objects) {
  const HomePaths paths(home);
  ASSIGN_OR_RETURN(
      const Config config,
      LoadConfig({.variables = ProcessEnvironment(), .file = paths.config()}, PosixFiles()));
  const Settings& settings = config.settings;
  const std::string& derivatives =
      settings.derivatives_url.empty() ? settings.datasets_url : settings.derivatives_url;
  ASSIGN_OR_RETURN(const auto roots, OpenPlace(settings.datasets_url, paths));
  ASSIGN_OR_RETURN(const auto derived, OpenPlace(derivatives, paths));
  return datasets::RestoreCopies(context, source, restored,
                                 {.roots = *roots,
                                  .derivatives = *derived,
                                  .roots_keep_heads = !settings.datasets_url.empty(),
                                  .derivatives_keep_heads = !derivatives.empty()},
                                 on_objects);
}

}  // namespace

Result<backup::Restored> RestoreHome(const Context& context, objects::ObjectStore& source,
                                     backup::RestoreOptions options) {
  options.datasets = BringDatasets;
  return backup::Restore(context, source, options);
}

}  // namespace weir::server
