#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/context.h"
#include "base/files.h"
#include "base/result.h"
#include "control/backup/backed_up_datasets.h"
#include "control/store.h"
#include "objects/object_store.h"

namespace weir::backup {

/// How far it is; called after each chunk and object, by one thread at a time.
struct Progress {
  std::uint64_t chunks = 0;
  std::uint64_t bytes = 0;    ///< of these chunks as they are stored
  std::uint64_t records = 0;  ///< entries, commits and events in them
  ObjectCounts objects = {};  ///< of datasets
};
using OnProgress = std::function<void(const Progress&)>;

struct CreateOptions {
  Files::Path home;  ///< where `files` are
  Files* home_files = &PosixFiles();
  /// Files of the home that go with the control store; one that is not there is left out. Never
  /// those of keys/: whoever holds a backup must not be able to open its secrets.
  std::vector<std::string> files = {"weir.yaml"};
  int home_format = 1;
  DatasetSource* datasets = nullptr;  ///< null: the home has none, and the backup says nothing
  OnProgress on_progress = {};
};

struct Created {
  std::string id;
  Timestamp time;
  control::Revision revision = 0;
  std::uint64_t entries = 0;
  std::uint64_t chunks = 0;        ///< of this backup
  std::uint64_t new_chunks = 0;    ///< of these, stored now; the others were there
  std::uint64_t stored_bytes = 0;  ///< of this backup's chunks
  std::uint64_t new_bytes = 0;
  std::uint64_t datasets = 0;
  ObjectCounts objects = {};  ///< that the datasets consist of
};

/// Backs up everything in `store`, as of one revision, what the datasets of that revision consist
/// of, and the home's files, while others go on writing. Only chunks and objects that `target`
/// lacks are stored. Nothing counts before the last step, so that after a crash the next backup
/// goes on with what is there.
Result<Created> Create(const Context& context, control::Store& store, const Clock& clock,
                       objects::ObjectStore& target, const CreateOptions& options);

struct VerifyOptions {
  VerifyDataset datasets = {};  ///< none: only what the control store held is read
  OnProgress on_progress = {};
};

struct Verified {
  std::uint64_t backups = 0;
  std::uint64_t chunks = 0;
  std::uint64_t bytes = 0;
  Timestamp oldest;
  Timestamp newest;
  std::string newest_id;
  control::Revision newest_revision = 0;
  std::uint64_t datasets = 0;  ///< of all backups
  ObjectCounts objects = {};
};

/// Reads every backup in `source` and checks every byte, and that what it says is in order.
/// kCorrupt names the first damaged chunk, manifest or object.
Result<Verified> Verify(const Context& context, objects::ObjectStore& source,
                        const VerifyOptions& options = {});

struct RestoreOptions {
  Files::Path home;  ///< absent, or an empty directory
  /// As things were then; without it the newest backup.
  std::optional<Timestamp> at = {};
  RestoreDatasets datasets = {};
  OnProgress on_progress = {};
};

struct Restored {
  std::string id;  ///< of the backup it started from; empty when the log alone sufficed
  Timestamp time;  ///< the home is as of then
  control::Revision revision = 0;
  std::uint64_t entries = 0;
  /// `time` is before the time asked for: nothing that was kept says what happened in between.
  bool is_earlier = false;
  /// False: the backup is older than backups of datasets are, and holds none of their objects.
  bool has_datasets = false;
  ObjectCounts objects = {};
};

/// Makes a home of what a backup holds. It appears complete and checked, or not at all. Its keys/
/// are missing: put the copy that is kept apart there, or its secrets will not open. With `at`,
/// the newest backup before it is rolled forward by the log of a later one. kAlreadyExists when
/// `home` is not empty, kNotFound when there is nothing as old as `at`, kCorrupt for damage.
Result<Restored> Restore(const Context& context, objects::ObjectStore& source,
                         const RestoreOptions& options);

}  // namespace weir::backup
