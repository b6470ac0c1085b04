#pragma once

#include <vector>

#include "api/server_facts.h"
#include "base/context.h"
#include "base/files.h"
#include "base/result.h"
#include "control/store.h"
#include "server/home_directory.h"
#include "server/settings.h"

namespace weir::server {

/// Looks a home over and says what is wrong, and what to do about it. Changes nothing.
class Doctor {
 public:
  struct Parts {
    const HomePaths& paths;
    const Settings& settings;
    control::Store& store;
    Files& files;
  };

  explicit Doctor(Parts parts) : parts_(parts) {}

  /// One finding for each thing looked at, also when it is fine.
  Result<std::vector<api::Finding>> Examine(const Context& context);

 private:
  void ExamineFormat();
  void ExaminePrivacy(const HomePaths::Path& path, unsigned forbidden, std::string_view check);
  void ExamineKeys();
  void ExamineDisk();
  void ExamineStore(const Context& context);
  void ExamineLimits();
  void ExamineTls();

  void Fine(std::string_view check, std::string message);
  void Note(std::string_view check, std::string_view severity, std::string message,
            std::string fix);

  const Parts parts_;
  std::vector<api::Finding> findings_;
};

}  // namespace weir::server
