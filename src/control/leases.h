#pragma once

#include <chrono>
#include <string>

#include "control/overlay.h"
#include "control/store.h"

namespace weir::control {

// The rules of leases, over the records ("control", "lease", name). They run inside the writer's
// batch, so of two that want a lease one is first. Times are civil times: the processes that share
// a store must agree on them better than a lease is long. If they do not, two may believe that they
// hold it, and the epoch still lets only the newer one write.

Result<Lease> AcquireLease(Overlay& overlay, const std::string& name, const std::string& holder,
                           std::chrono::milliseconds ttl);
Status RenewLease(Overlay& overlay, const Lease& lease, std::chrono::milliseconds ttl);
Status ReleaseLease(Overlay& overlay, const Lease& lease);

/// kConflict unless `lease` is held now, by its holder, in its epoch.
Status CheckHeld(Overlay& overlay, const Lease& lease);

}  // namespace weir::control
