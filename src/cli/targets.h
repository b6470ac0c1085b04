#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"

namespace weir::cli {

/// A resource that somebody named on the command line. The workspace is the one of -w where the
/// name did not bring its own; kinds of the whole instance do without it.
struct Target {
  std::string type;
  std::string workspace;
  std::string name;

  /// The path of the API that means it; `tail` follows, such as "/history".
  std::string Path(std::string_view tail = {}) const;
  /// As people write it: secret/db.
  std::string ToString() const { return type + "/" + name; }
};

/// KIND NAME..., as `secret db`, `secrets db cache`, `secret/db` or `secret:v1:db:public`; and -t,
/// -n and -w, as users of dataos-ctl have them.
std::vector<Argument> TargetArguments(std::string_view sentence_of_names);
std::vector<Flag> TargetFlags();
Flag WorkspaceFlag();  ///< the -w of these

/// The kind alone and the names, for a list.
struct TargetWords {
  std::string type;  ///< empty: none given
  std::vector<Target> targets = {};
};

Result<TargetWords> ReadTargets(const Arguments& arguments);

/// At least one, or kInvalid.
Result<std::vector<Target>> TargetsOf(const Arguments& arguments);
/// Exactly one, or kInvalid.
Result<Target> TargetOf(const Arguments& arguments);

/// "secrets" is the kind "secret"; also "policies" and "all", which is every kind (empty).
std::string KindOf(std::string_view word);

}  // namespace weir::cli
