#pragma once

#include <string>

#include "api/backups.h"
#include "base/clock.h"
#include "base/files.h"
#include "control/store.h"
#include "server/home_directory.h"

namespace weir::datasets {
class ChainStore;
}

namespace weir::server {

/// Backups of the home this process has open (control/backup/, datasets/backup/), for the handlers.
/// Thread-safe.
class HomeBackups : public api::Backups {
 public:
  /// All of them outlive it.
  HomeBackups(const HomePaths& paths, Files& files, control::Store& store,
              datasets::ChainStore& chains, const Clock& clock)
      : paths_(paths), files_(files), store_(store), chains_(chains), clock_(clock) {}

  Result<api::BackupReport> Create(const Context& context, const std::string& target,
                                   const api::OnBackupProgress& on_progress) override;
  Result<api::BackupCheck> Verify(const Context& context, const std::string& target,
                                  const api::OnBackupProgress& on_progress) override;

 private:
  const HomePaths& paths_;
  Files& files_;
  control::Store& store_;
  datasets::ChainStore& chains_;
  const Clock& clock_;
};

}  // namespace weir::server
