#pragma once

#include <string>

#include "cli/records.h"
#include "cli/session.h"

namespace weir::cli {

/// Verifies a repository from here, where it lies: the counts of POST /api/datasets/{name}/verify,
/// and `dataset` is its address. What is far is brought near a few slices at a time, into a
/// temporary directory.
Result<Record> VerifyRepositoryAt(Session& session, const std::string& url, bool data);

}  // namespace weir::cli
