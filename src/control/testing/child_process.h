#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "base/result.h"

namespace weir::control {

struct ChildOptions {
  std::string user = {};         ///< to become, when we are root; empty: stay who we are
  std::string output_path = {};  ///< where its stdout and stderr go; empty: to ours
  int output_descriptor = -1;    ///< of ours, which becomes its stdout
};

/// Starts a program, which dies when the calling thread does.
Result<pid_t> StartChild(const std::vector<std::string>& command, const ChildOptions& options);

/// Waits until it ends; its exit status, or 128 and the signal that killed it.
int WaitForChild(pid_t pid);

}  // namespace weir::control
