#include "control/testing/child_process.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>

#include <cerrno>

#include "base/errno_error.h"

namespace weir::control {
namespace {

// In the child, between fork and exec: only calls that are safe there.
[[noreturn]] void BecomeCommand(char* const* arguments, const passwd* user, int output, int error) {
  if (output >= 0) ::dup2(output, STDOUT_FILENO);
  if (error >= 0) ::dup2(error, STDERR_FILENO);
  if (user != nullptr) {
    const gid_t group = user->pw_gid;
    if (::setgroups(1, &group) != 0 || ::setgid(group) != 0 || ::setuid(user->pw_uid) != 0) {
      ::_exit(126);
    }
  }
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // after setuid, which would undo it
  ::execv(arguments[0], arguments);
  ::_exit(127);
}

}  // namespace

Result<pid_t> StartChild(const std::vector<std::string>& command, const ChildOptions& options) {
  std::vector<char*> arguments;
  for (const std::string& argument : command) {
    arguments.push_back(const_cast<char*>(argument.c_str()));  // execv changes nothing
  }
  arguments.push_back(nullptr);
  const passwd* user = nullptr;
  if (!options.user.empty() && ::geteuid() == 0) {
    user = ::getpwnam(options.user.c_str());
    if (user == nullptr) return NotFound("user {}", options.user);
  }
  int output = options.output_descriptor;
  int opened = -1;
  if (!options.output_path.empty()) {
    opened = ::open(options.output_path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (opened < 0) return ErrnoError(errno, "open " + options.output_path);
    output = opened;
  }
  const pid_t pid = ::fork();
  if (pid == 0) BecomeCommand(arguments.data(), user, output, opened);
  const int failed = errno;
  if (opened >= 0) ::close(opened);
  if (pid < 0) return ErrnoError(failed, "start " + command.front());
  return pid;
}

int WaitForChild(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace weir::control
