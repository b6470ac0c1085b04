#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/context.h"
#include "base/result.h"
#include "control/store.h"
#include "odf/dataset_id.h"

namespace weir::datasets {

/// Why a dataset could not be brought up to date when that was tried last.
struct PullFailure {
  Timestamp time = {};
  std::string code = {};  ///< of the error, as people see it
  std::string message = {};

  bool operator==(const PullFailure&) const = default;
};

/// nullopt: it could be, or nobody tried.
Result<std::optional<PullFailure>> FindPullFailure(control::Snapshot& snapshot,
                                                   const odf::DatasetId& id);

/// Remembers `error`, or with none that all is well. Nothing is written where that is known.
Status NotePull(const Context& context, control::Store& store, const odf::DatasetId& id,
                Timestamp now, const std::optional<Error>& error);

}  // namespace weir::datasets
