#pragma once

#include <string>

#include "api/backups.h"
#include "base/clock.h"
#include "control/store.h"
#include "server/home_directory.h"

namespace weir::server {

/// Backups of the home this process has open (control/backup/), for the handlers. Thread-safe.
class HomeBackups : public api::Backups {
 public:
  /// All of them outlive it.
  HomeBackups(const HomePaths& paths, control::Store& store, const Clock& clock)
      : paths_(paths), store_(store), clock_(clock) {}

  Result<api::BackupReport> Create(const Context& context, const std::string& target) override;
  Result<api::BackupCheck> Verify(const Context& context, const std::string& target) override;

 private:
  const HomePaths& paths_;
  control::Store& store_;
  const Clock& clock_;
};

}  // namespace weir::server
