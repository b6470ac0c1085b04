#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/context.h"
#include "base/files.h"
#include "base/result.h"
#include "control/store.h"
#include "objects/object_store.h"

namespace weir::backup {

/// Where the objects of datasets lie in a place for backups: datasets/<id>/blocks/… and so on, one
/// repository for each dataset, which all backups share.
inline constexpr std::string_view kDatasetsFolder = "datasets/";

/// A dataset as a backup holds it: its chain from `head` back to its beginning.
struct BackedUpDataset {
  std::string id = {};    ///< "fed01…", the name of its directory
  std::string name = {};  ///< what people call it, for messages: "public/orders"
  std::string head = {};  ///< hash of its newest block

  bool operator==(const BackedUpDataset&) const = default;
};

/// Blocks, slices and checkpoints of datasets, and how far a backup or a restore has come with
/// them.
struct ObjectCounts {
  std::uint64_t objects = 0;
  std::uint64_t bytes = 0;
  std::uint64_t new_objects = 0;  ///< of these, stored now; the others were there
  std::uint64_t new_bytes = 0;
};
using OnObjects = std::function<void(const ObjectCounts&)>;  ///< from any thread, one at a time

/// What datasets keep outside of the control store, as a backup asks for it: Hold, Note, Copy, once
/// and in this order. Implemented above this room, in datasets/backup/. Used by one thread.
class DatasetSource {
 public:
  virtual ~DatasetSource() = default;

  /// From here on, and until this is destroyed, nothing goes away that a dataset consists of now or
  /// later.
  virtual Status Hold(const Context& context) = 0;

  /// Notes what the datasets of `cut` consist of, and stores what is only in `cut` itself.
  /// `previous`: the datasets of a backup in `target`; all they consist of is known to last there.
  virtual Status Note(const Context& context, control::Snapshot& cut, objects::ObjectStore& target,
                      std::span<const BackedUpDataset> previous) = 0;

  /// Stores what `target` lacks, each object checked against its hash on its way. Afterwards all
  /// the datasets consist of is durable there. `done` counts it.
  virtual Result<std::vector<BackedUpDataset>> Copy(const Context& context,
                                                    objects::ObjectStore& target,
                                                    ObjectCounts& done,
                                                    const OnObjects& on_objects) = 0;
};

/// Checks one dataset in `source`: `heads`, of which there is one at least, are what the backups
/// hold of it, the newest first. kCorrupt names what is damaged.
using VerifyDataset = std::function<Result<ObjectCounts>(
    const Context& context, objects::ObjectStore& source, std::span<const BackedUpDataset> heads)>;

/// Brings what the datasets of `restored` consist of from `source` to where a home at `home` has
/// them, each object checked against its hash.
using RestoreDatasets = std::function<Result<ObjectCounts>(
    const Context& context, objects::ObjectStore& source, control::Snapshot& restored,
    const Files::Path& home, const OnObjects& on_objects)>;

}  // namespace weir::backup
