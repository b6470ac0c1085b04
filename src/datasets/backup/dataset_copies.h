#pragma once

#include <memory>
#include <span>
#include <vector>

#include "base/clock.h"
#include "base/context.h"
#include "base/result.h"
#include "control/backup/backed_up_datasets.h"
#include "datasets/chain_store.h"
#include "datasets/pins.h"
#include "datasets/references.h"
#include "objects/object_store.h"

namespace weir::datasets {

/// The repository of a dataset in a place for backups.
Repository CopyOf(objects::ObjectStore& backups, const odf::DatasetId& id);

/// The datasets of a home, for one backup of it.
class DatasetCopies final : public backup::DatasetSource {
 public:
  /// `clock` tells the time of the home. Both outlive this.
  DatasetCopies(ChainStore& chains, const Clock& clock) : chains_(chains), clock_(clock) {}

  Status Hold(const Context& context) override;
  Status Note(const Context& context, control::Snapshot& cut, objects::ObjectStore& target,
              std::span<const backup::BackedUpDataset> previous) override;
  Result<std::vector<backup::BackedUpDataset>> Copy(const Context& context,
                                                    objects::ObjectStore& target,
                                                    backup::ObjectCounts& done,
                                                    const backup::OnObjects& on_objects) override;

 private:
  struct Noted {
    odf::DatasetId id = {};
    backup::BackedUpDataset dataset = {};
    std::vector<Reference> references = {};
    /// What blocks up to this one lead to is known to last in the target.
    std::optional<std::uint64_t> lasting = {};
  };

  Status NoteOne(const Context& context, control::Snapshot& cut, objects::ObjectStore& target,
                 Noted& noted);

  ChainStore& chains_;
  const Clock& clock_;
  std::unique_ptr<Pin> pin_;
  std::vector<Noted> noted_;
  backup::ObjectCounts stored_;  // while noting
};

/// Verifies a dataset in a place for backups: every chain from one of `heads` back to its beginning
/// by every rule, and all that its blocks lead to with its hashes (verify.h). What several heads
/// share is read once. `scratch`: for a place that is far, else null. kCorrupt names the dataset,
/// and the block.
Result<backup::ObjectCounts> VerifyCopies(const Context& context, objects::ObjectStore& source,
                                          std::span<const backup::BackedUpDataset> heads,
                                          objects::ObjectStore* scratch);

/// Where a restored home has its datasets.
struct RestoreTarget {
  objects::ObjectStore& roots;
  objects::ObjectStore& derivatives;  ///< may be the same
  /// Whether a refs/head that is there already stays: in a place that outlived the home it may be
  /// further than the backup.
  bool roots_keep_heads = false;
  bool derivatives_keep_heads = false;
};

/// Brings the objects that the chains of `restored` lead to, except what is pending in it, from
/// `source` to the repositories of a home, and their refs/head. What is there already is read and
/// checked. kCorrupt names the dataset, and what is missing or damaged.
Result<backup::ObjectCounts> RestoreCopies(const Context& context, objects::ObjectStore& source,
                                           control::Snapshot& restored, const RestoreTarget& target,
                                           const backup::OnObjects& on_objects = {});

}  // namespace weir::datasets
