#pragma once

#include <functional>

#include "cli/call.h"
#include "cli/records.h"
#include "cli/session.h"

namespace weir::cli {

/// Prints the resources that `call` lists, and then each change, until --timeout, Ctrl-C or the
/// reader of a pipe leaves. A connection that breaks is made again from where it broke.
Result<ExitCode> WatchResources(Session& session, Format format, Call call);

/// Hands the resources that `call` lists to `see`, and then each change (a deleted resource has the
/// aggregate `deleted`), until `see` says that it has seen enough. kDeadline when it never does.
using See = std::function<bool(const std::vector<Record>&)>;
Status WatchUntil(Client& client, const Context& context, const Call& call, const See& see);

}  // namespace weir::cli
