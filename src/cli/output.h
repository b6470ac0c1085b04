#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace weir::cli {

/// A buffered stream of text to a file descriptor. A reader that closes its pipe early has all it
/// wanted: what follows is dropped, and `reader_left` says so. One thread.
class Output {
 public:
  explicit Output(int descriptor) : descriptor_(descriptor) {}
  ~Output();
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  void Write(std::string_view text);
  /// kExhausted and its like when the other end is, for instance, a full disk; also for what an
  /// earlier Write could not bring out.
  Status Flush();

  bool reader_left() const { return reader_left_; }

 private:
  const int descriptor_;
  std::string buffer_;
  bool reader_left_ = false;
  Status failure_;
};

}  // namespace weir::cli
