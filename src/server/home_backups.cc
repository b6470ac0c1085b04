#include "server/home_backups.h"

#include <optional>
#include <variant>

#include "control/backup/backup.h"
#include "datasets/backup/dataset_copies.h"
#include "objects/local_object_store.h"
#include "objects/object_url.h"
#include "objects/open_object_store.h"

namespace weir::server {
namespace {

std::int64_t Number(std::uint64_t count) { return static_cast<std::int64_t>(count); }

backup::OnProgress Told(const api::OnBackupProgress& on_progress) {
  return [&on_progress](const backup::Progress& now) {
    on_progress({.chunks = Number(now.chunks),
                 .objects = Number(now.objects.objects),
                 .bytes = Number(now.bytes + now.objects.bytes)});
  };
}

}  // namespace

Result<api::BackupReport> HomeBackups::Create(const Context& context, const std::string& target,
                                              const api::OnBackupProgress& on_progress) {
  ASSIGN_OR_RETURN(const auto objects, objects::OpenObjectStore(target));
  datasets::DatasetCopies datasets(chains_, clock_);
  ASSIGN_OR_RETURN(const backup::Created made, backup::Create(context, store_, clock_, *objects,
                                                              {.home = paths_.root,
                                                               .home_format = kHomeFormat,
                                                               .datasets = &datasets,
                                                               .on_progress = Told(on_progress)}));
  return api::BackupReport{.id = made.id,
                           .revision = made.revision,
                           .time = made.time,
                           .chunks = Number(made.chunks),
                           .new_chunks = Number(made.new_chunks),
                           .datasets = Number(made.datasets),
                           .objects = Number(made.objects.objects),
                           .new_objects = Number(made.objects.new_objects),
                           .bytes = Number(made.new_bytes + made.objects.new_bytes)};
}

Result<api::BackupCheck> HomeBackups::Verify(const Context& context, const std::string& target,
                                             const api::OnBackupProgress& on_progress) {
  ASSIGN_OR_RETURN(const objects::ObjectLocation location, objects::ParseObjectUrl(target));
  ASSIGN_OR_RETURN(const auto objects, objects::OpenObjectStore(target));
  // Slices of a bucket are brought here, a few at a time, to be read.
  objects::LocalObjectStore scratch(paths_.cache() / "backup-verify", files_);
  const bool is_far = !std::holds_alternative<objects::FileLocation>(location);
  const auto verify = [&](const Context& work, objects::ObjectStore& source,
                          std::span<const backup::BackedUpDataset> heads) {
    return datasets::VerifyCopies(work, source, heads, is_far ? &scratch : nullptr);
  };
  ASSIGN_OR_RETURN(
      const backup::Verified verified,
      backup::Verify(context, *objects, {.datasets = verify, .on_progress = Told(on_progress)}));
  return api::BackupCheck{.backups = Number(verified.backups),
                          .newest = {.id = verified.newest_id,
                                     .revision = verified.newest_revision,
                                     .time = verified.newest},
                          .chunks = Number(verified.chunks),
                          .datasets = Number(verified.datasets),
                          .objects = Number(verified.objects.objects),
                          .bytes = Number(verified.bytes + verified.objects.bytes)};
}

}  // namespace weir::server
