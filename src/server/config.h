#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/server_facts.h"
#include "base/files.h"
#include "base/result.h"
#include "server/settings.h"

namespace weir::server {

/// Where options come from, the strongest first. Whatever names no option is refused with the
/// nearest one that exists.
struct ConfigSources {
  std::map<std::string, std::string> flags = {};      ///< by Option::FlagName
  std::map<std::string, std::string> variables = {};  ///< the environment, whole
  std::filesystem::path file = {};
  bool file_must_exist = false;  ///< it was named, and is not just looked for in the home
};

/// The options as they stand, and who said so.
struct Config {
  Settings settings = {};
  std::vector<api::ConfigEntry> entries = {};  ///< in the order of Options(); secrets as "****"
};

/// flag > WEIR_* > file > default. kInvalid names the option, what it was given and where.
Result<Config> LoadConfig(const ConfigSources& sources, const Files& files);

/// This process's environment.
std::map<std::string, std::string> ProcessEnvironment();

/// docs/reference/config.md, from the table of options.
std::string ConfigReference();

}  // namespace weir::server
