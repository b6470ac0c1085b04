#include "pipelines/pipe_command.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <system_error>
#include <thread>

#include "base/files.h"

namespace weir::pipelines {
namespace {

constexpr std::chrono::milliseconds kLookInterval{10};
constexpr std::size_t kLastWords = 500;

class OpenFile {
 public:
  OpenFile(const std::filesystem::path& path, int flags)
      : descriptor_(open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
  ~OpenFile() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  bool opened() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

// A running command; killed and waited for when it is let go of.
class Child {
 public:
  Status Start(const std::vector<std::string>& command, const OpenFile& in, const OpenFile& out,
               const OpenFile& error) {
    std::vector<char*> arguments;
    for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    char path[] = "PATH=/usr/local/bin:/usr/bin:/bin";
    char* environment[] = {path, nullptr};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in.descriptor(), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out.descriptor(), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, error.descriptor(), STDERR_FILENO);
    const int failed =
        posix_spawnp(&process_, arguments[0], &actions, nullptr, arguments.data(), environment);
    posix_spawn_file_actions_destroy(&actions);
    if (failed == 0) return Ok();
    process_ = -1;
    return Invalid("the command {} cannot be run: {}", command[0], std::strerror(failed));
  }

  ~Child() {
    if (process_ < 0) return;
    kill(process_, SIGKILL);
    while (waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }

  // Whether it has ended; `status` is then as of waitpid.
  bool HasEnded(int& status) {
    if (waitpid(process_, &status, WNOHANG) != process_) return false;
    process_ = -1;
    return true;
  }

 private:
  pid_t process_ = -1;
};

std::string LastWords(const std::filesystem::path& path) {
  auto words = PosixFiles().ReadAll(path).value_or(std::string());
  while (!words.empty() && words.back() == '\n') words.pop_back();
  const std::size_t line = words.rfind('\n');
  words = line == std::string::npos ? words : words.substr(line + 1);
  return words.substr(0, kLastWords);
}

Status Run(const Context& context, const std::vector<std::string>& command,
           const std::filesystem::path& input, const std::filesystem::path& output,
           const std::filesystem::path& errors, std::uint64_t max_bytes) {
  const OpenFile in(input, O_RDONLY);
  const OpenFile out(output, O_WRONLY | O_CREAT | O_EXCL);
  const OpenFile error(errors, O_WRONLY | O_CREAT | O_EXCL);
  if (!in.opened() || !out.opened() || !error.opened()) {
    return Unavailable("the files of the command {} cannot be opened: {}", command[0],
                       std::strerror(errno));
  }
  Child child;
  RETURN_IF_ERROR(child.Start(command, in, out, error));
  int status = 0;
  while (!child.HasEnded(status)) {
    RETURN_IF_ERROR(context.Check());
    struct stat written {};
    if (fstat(out.descriptor(), &written) == 0 &&
        static_cast<std::uint64_t>(written.st_size) > max_bytes) {
      return Exhausted("the command {} wrote more than {} bytes", command[0], max_bytes);
    }
    std::this_thread::sleep_for(kLookInterval);
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return Ok();
  return Invalid("the command {} failed ({}): {}", command[0],
                 WIFEXITED(status) ? fmt::format("exit {}", WEXITSTATUS(status))
                                   : fmt::format("signal {}", WTERMSIG(status)),
                 LastWords(errors));
}

}  // namespace

Status PipeThrough(const Context& context, const std::vector<std::string>& command,
                   const std::filesystem::path& input, const std::filesystem::path& output,
                   std::uint64_t max_bytes) {
  if (command.empty()) return Invalid("a pipe has no command");
  const std::filesystem::path errors = output.string() + ".err";
  Status done = Run(context, command, input, output, errors, max_bytes);
  std::error_code ignored;
  std::filesystem::remove(errors, ignored);
  if (!done) std::filesystem::remove(output, ignored);
  return done;
}

}  // namespace weir::pipelines
