#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "net/allowed_networks.h"
#include "odf/source_steps.h"

namespace weir::pipelines {

/// What sources may do with the machine, as the configuration says. A manifest is untrusted: by
/// default it reaches the public network and nothing of the machine.
struct SourceRights {
  /// All files and commands and variables: the owner works in this process, on their own machine.
  bool is_owner = false;
  std::vector<std::filesystem::path> paths = {};  ///< directories whose files may be read
  std::vector<std::string> commands = {};         ///< programs that data may be piped through
  std::vector<std::string> env = {};              ///< variables that may be filled in
  net::AllowedNetworks networks = {};             ///< beside the public one
  /// The dataset's own, by name: they are filled in before those of the machine, and need no right.
  /// Their values may be secret.
  std::map<std::string, std::string> variables = {};

  /// `path` without links. kDenied when it is in none of the directories; then nothing is said of
  /// whether it is there.
  Result<std::filesystem::path> CheckPath(const std::filesystem::path& path) const;
  /// kDenied names the first command that is not allowed.
  Status CheckCommands(const std::vector<odf::PrepStep>& steps) const;
  /// `text` with every `${{ env.NAME }}` filled in. kDenied for a variable that is not allowed,
  /// kInvalid for one that is not set, and for any other name; no error has a value in it.
  Result<std::string> FillIn(const std::string& text) const;
  /// `error` without any value of the dataset's variables, which stand as `****`.
  Error WithoutValues(Error error) const;
};

}  // namespace weir::pipelines
