#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/context.h"
#include "base/result.h"
#include "control/store.h"
#include "datasets/directory.h"
#include "odf/dataset_id.h"

namespace weir::datasets {

/// Where a dataset that was not made here comes from.
struct Origin {
  std::string url = {};  ///< of the repository; `weir pull NAME` asks there again
  /// Whether its sources may run here: what a stranger's chain tells to fetch or to execute is not
  /// done until somebody said so (`weir trust`).
  bool trusted = false;

  bool operator==(const Origin&) const = default;
};

/// nullopt: the dataset was made here.
Result<std::optional<Origin>> FindOrigin(control::Snapshot& snapshot, const odf::DatasetId& id);
Status PutOrigin(control::Transaction& transaction, const odf::DatasetId& id, const Origin& origin);

/// Whether sources of the dataset may run: it was made here, or is trusted.
Result<bool> IsTrusted(control::Snapshot& snapshot, const odf::DatasetId& id);

/// The address of the repository that `weir push NAME` means: the one it was pushed to last, else
/// the one it was pulled from. nullopt: neither.
Result<std::optional<std::string>> FindPushTarget(control::Snapshot& snapshot,
                                                  const odf::DatasetId& id);
/// Remembers where a dataset was pushed to.
Status NotePushTarget(const Context& context, control::Store& store, const odf::DatasetId& id,
                      const std::string& url);

// What a pull does around the transfer.

/// kAlreadyExists when the home has that dataset under another name than the one of `wanted`.
Status CheckUnnamed(const Context& context, control::Store& store, const odf::DatasetId& id,
                    const std::optional<DatasetEntry>& wanted);

/// Remembers where a dataset was pulled from. One that was made here and has now blocks of others
/// (`has_new_blocks`) is to be trusted anew; one that was trusted stays so.
Status NoteOrigin(const Context& context, control::Store& store, const odf::DatasetId& id,
                  const std::string& url, bool has_new_blocks);

/// A chain has no name: garbage collection takes it as if it had been deleted now, unless it gets
/// one.
Status MarkUnwanted(control::Transaction& transaction, const Clock& clock,
                    const odf::DatasetId& id);
/// The same, in a transaction of its own.
Status MarkUnwanted(const Context& context, control::Store& store, const Clock& clock,
                    const odf::DatasetId& id);

}  // namespace weir::datasets
