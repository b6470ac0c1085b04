#include "cli/standard_input.h"

#include <unistd.h>

#include <cerrno>

#include "base/errno_error.h"

namespace weir::cli {

Result<std::size_t> StandardInput::Read(std::span<std::byte> buffer) {
  while (true) {
    const ssize_t read = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (read >= 0) return static_cast<std::size_t>(read);
    if (errno != EINTR) return ErrnoError(errno, "read standard input");
  }
}

}  // namespace weir::cli
