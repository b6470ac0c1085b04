#include "cli/output.h"

#include <unistd.h>

#include <cerrno>

#include "base/errno_error.h"

namespace weir::cli {

Output::~Output() { (void)Flush(); }

void Output::Write(std::string_view text) {
  constexpr std::size_t kBuffered = 64 << 10;
  buffer_ += text;
  if (buffer_.size() >= kBuffered) (void)Flush();
}

Status Output::Flush() {
  std::string_view rest = buffer_;
  while (!rest.empty() && !reader_left_ && failure_) {
    const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
    if (written >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EPIPE) {
      reader_left_ = true;
    } else if (errno != EINTR) {
      failure_ = ErrnoError(errno, "write the output");
    }
  }
  buffer_.clear();
  return failure_;
}

}  // namespace weir::cli
