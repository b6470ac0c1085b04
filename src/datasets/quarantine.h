#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "control/store.h"
#include "datasets/directory.h"
#include "odf/dataset_id.h"
#include "odf/events.h"

// The rows of a dataset that failed a check are rows of a dataset of their own, called
// NAME$quarantine: a root with a chain like any other, without a source and without a resource, for
// it goes where its dataset goes (docs/decisions/contracts.md).

namespace weir::datasets {

/// What the quarantine of a dataset is called; no dataset that is declared can be.
std::string QuarantineName(std::string_view dataset);

/// The quarantine of `id`; nullopt: it never needed one.
Result<std::optional<odf::DatasetId>> FindQuarantine(control::Snapshot& snapshot,
                                                     const odf::DatasetId& id);

/// Begins the chain of a quarantine as `quarantine`, and notes whose it is.
Status BeginQuarantine(control::Transaction& transaction, const DatasetEntry& of,
                       const odf::DatasetId& quarantine, Timestamp now);

/// The quarantine that a dataset has gets the name that goes with the dataset's; also one that was
/// removed with it.
Status NameQuarantine(control::Transaction& transaction, const DatasetEntry& of);

/// Removes the quarantine that a dataset has, as the dataset itself is removed. Its chain stays for
/// a while.
Status RemoveQuarantine(control::Transaction& transaction, const DatasetEntry& of, Timestamp now);

/// The columns of a quarantine, system columns first.
odf::DataSchema QuarantineSchema();

}  // namespace weir::datasets
