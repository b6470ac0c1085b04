#include "server/home_backups.h"

#include "control/backup/backup.h"
#include "objects/open_object_store.h"

namespace weir::server {

Result<api::BackupReport> HomeBackups::Create(const Context& context, const std::string& target) {
  ASSIGN_OR_RETURN(const auto objects, objects::OpenObjectStore(target));
  ASSIGN_OR_RETURN(const backup::Created made,
                   backup::Create(context, store_, clock_, *objects,
                                  {.home = paths_.root, .home_format = kHomeFormat}));
  return api::BackupReport{.id = made.id,
                           .revision = made.revision,
                           .time = made.time,
                           .chunks = static_cast<std::int64_t>(made.chunks),
                           .new_chunks = static_cast<std::int64_t>(made.new_chunks),
                           .bytes = static_cast<std::int64_t>(made.new_bytes)};
}

Result<api::BackupCheck> HomeBackups::Verify(const Context& context, const std::string& target) {
  ASSIGN_OR_RETURN(const auto objects, objects::OpenObjectStore(target));
  ASSIGN_OR_RETURN(const backup::Verified verified, backup::Verify(context, *objects));
  return api::BackupCheck{.backups = static_cast<std::int64_t>(verified.backups),
                          .newest = {.id = verified.newest_id,
                                     .revision = verified.newest_revision,
                                     .time = verified.newest},
                          .chunks = static_cast<std::int64_t>(verified.chunks),
                          .bytes = static_cast<std::int64_t>(verified.bytes)};
}

}  // namespace weir::server
