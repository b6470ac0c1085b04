#pragma once

#include "base/context.h"
#include "base/result.h"
#include "control/backup/backup.h"
#include "objects/object_store.h"

namespace weir::server {

/// Makes a home of a backup, its datasets included, where its weir.yaml and this process's
/// environment say that they are: in the home, unless they say otherwise. A place of its own that
/// has outlived the home gets only what it lacks, and its heads stay as they are. As
/// backup::Restore otherwise; `options.datasets` is set here.
Result<backup::Restored> RestoreHome(const Context& context, objects::ObjectStore& source,
                                     backup::RestoreOptions options);

}  // namespace weir::server
