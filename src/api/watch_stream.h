#pragma once

#include <memory>

#include "api/response.h"
#include "base/result.h"
#include "control/store.h"
#include "resources/resource_service.h"
#include "resources/resource_watch.h"

namespace weir::api {

/// Changes to resources as server-sent events: `applied` (the resource), `deleted` (its type, name
/// and workspace), `bookmark` (a revision) and, once the wanted changes are no longer kept,
/// `too-old`, after which the stream ends and the client must list again.
///
/// The id of an event is the revision to go on from (Last-Event-ID, `from`). While a commit's
/// changes are still coming it is the revision before, so that a connection that breaks between
/// them loses none; some may then come twice.
Result<std::unique_ptr<EventSource>> OpenWatchStream(resources::ResourceService& service,
                                                     const resources::ResourceFilter& filter,
                                                     control::Revision from);

/// The same over a watch that is already open.
std::unique_ptr<EventSource> StreamOf(std::unique_ptr<resources::ResourceWatch> watch);

}  // namespace weir::api
