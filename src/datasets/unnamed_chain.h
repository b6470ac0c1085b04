#pragma once

#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "control/store.h"
#include "datasets/dataset_kind.h"
#include "odf/dataset_id.h"
#include "odf/events.h"

namespace weir::datasets {

/// The identity of a dataset that begins here; its private key is kept, sealed.
Result<odf::DatasetId> MakeIdentity(control::Transaction& transaction,
                                    const DatasetKindParts& parts);

/// Begins the chain of a root dataset that no name leads to: with `events` after its Seed, durable
/// when this returns. What is loaded into it is seen at once, when a manifest that has its id as
/// `did` gives it a name. Garbage collection takes one that never gets a name, as it does with a
/// dataset that was deleted when this one began.
Result<odf::DatasetId> BeginUnnamedChain(const Context& context, control::Store& store,
                                         const DatasetKindParts& parts,
                                         std::vector<odf::MetadataEvent> events);

}  // namespace weir::datasets
